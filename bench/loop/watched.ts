import type { Ports } from "../../core/ports/index.ts";

/** The ports whose calls leave the process. */
export const outwards = ["store", "queues", "tasks", "targets", "metrics"] as const;

type Act = (...args: readonly unknown[]) => Promise<unknown>;

/** One call of a port, about to be made. */
export interface PortCall {
  readonly port: (typeof outwards)[number];
  readonly method: string;
  readonly args: readonly unknown[];
  /** Makes it. */
  readonly act: () => Promise<unknown>;
}

/** The ports with each call that leaves the process made by somebody else, who has to make it and hand its answer on. */
export function watched(ports: Ports, make: (call: PortCall) => Promise<unknown>): Ports {
  const around = (port: PortCall["port"]) =>
    Object.fromEntries(
      Object.entries(ports[port] as unknown as Record<string, Act>).map(([method, act]) => [
        method,
        (...args: readonly unknown[]) => make({ port, method, args, act: () => act(...args) }),
      ]),
    );
  return { ...ports, ...Object.fromEntries(outwards.map((port) => [port, around(port)])) };
}
