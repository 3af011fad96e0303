import { portsFrom } from "../aws/ports.ts";
import { acceptHandler } from "./handlers.ts";

/** Woken by commands on `commands.fifo`. Ports are built once per cold start: warm invocations reuse their connections. */
export const handler = acceptHandler(portsFrom(process.env));
