import { portsFrom } from "../aws/ports.ts";
import { observeHandler } from "./handlers.ts";

/** Woken by task and node events, and by what the sweep found, on `observations`. Ports are built once per cold start: warm invocations reuse their connections. */
export const handler = observeHandler(portsFrom(process.env));
