import { portsFrom } from "../aws/ports.ts";
import { acceptHandler } from "./handlers.ts";
import { publishing } from "./publishing.ts";

// Built once per cold start: warm invocations reuse their connections.
const ports = portsFrom(process.env);

/** Woken by commands on `commands.fifo`. */
export const handler = publishing(acceptHandler(ports), ports.log);
