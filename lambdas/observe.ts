import { portsFrom } from "../aws/ports.ts";
import { observeHandler } from "./handlers.ts";
import { publishing } from "./publishing.ts";

// Built once per cold start: warm invocations reuse their connections.
const ports = portsFrom(process.env);

/** Woken by task and node events, and by what the sweep found, on `observations`. */
export const handler = publishing(observeHandler(ports), ports.log);
