import { portsFrom } from "../aws/ports.ts";
import { reconcileHandler } from "./handlers.ts";
import { publishing } from "./publishing.ts";

// Built once per cold start: warm invocations reuse their connections.
const ports = portsFrom(process.env);

/** Woken by services' keys on `work`. */
export const handler = publishing(reconcileHandler(ports), ports.log);
