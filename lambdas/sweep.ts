import { portsFrom } from "../aws/ports.ts";
import { sweepHandler } from "./handlers.ts";

/** Woken by a schedule, each minute. Ports are built once per cold start: warm invocations reuse their connections. */
export const handler = sweepHandler(portsFrom(process.env));
