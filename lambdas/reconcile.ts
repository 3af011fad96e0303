import { portsFrom } from "../aws/ports.ts";
import { reconcileHandler } from "./handlers.ts";

/** Woken by services' keys on `work`. Ports are built once per cold start: warm invocations reuse their connections. */
export const handler = reconcileHandler(portsFrom(process.env));
