import { portsFrom } from "../aws/ports.ts";
import { dispatchHandler } from "./handlers.ts";
import { publishing } from "./publishing.ts";

// Built once per cold start: warm invocations reuse their connections.
const ports = portsFrom(process.env);

/** Woken by clusters' keys on `dispatch`. */
export const handler = publishing(dispatchHandler(ports), ports.log);
