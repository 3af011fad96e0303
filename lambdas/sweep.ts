import { portsFrom } from "../aws/ports.ts";
import { sweepHandler } from "./handlers.ts";
import { publishing } from "./publishing.ts";

// Built once per cold start: warm invocations reuse their connections.
const ports = portsFrom(process.env);

/** Woken by a schedule, each minute. */
export const handler = publishing(sweepHandler(ports), ports.log);
