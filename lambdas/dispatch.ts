import { portsFrom } from "../aws/ports.ts";
import { dispatchHandler } from "./handlers.ts";

/** Woken by clusters' keys on `dispatch`. Ports are built once per cold start: warm invocations reuse their connections. */
export const handler = dispatchHandler(portsFrom(process.env));
