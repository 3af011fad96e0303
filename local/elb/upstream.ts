import { readSync } from "node:fs";
import { Agent } from "node:http";
import type { Socket } from "node:net";
import type { TargetType } from "../../sim/elb/resources.ts";

/** Where something listens on this machine. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Where a target listens on this machine, such as the host port that stands for a task's private address.
 * Undefined: nothing does, and connecting is refused.
 */
export type Resolve = (target: { readonly id: string; readonly port: number }, type: TargetType) => Address | undefined;

/** Servers close idle connections after a few seconds, Node's after 5: ours go first, so that no request meets the end of one. */
const idleConnectionMs = 1000;

/** Kept-alive connections to targets. */
export function upstreamAgent(): Agent {
  return new Agent({ keepAlive: true, timeout: idleConnectionMs });
}

/**
 * Whether a connection on which nothing is in flight can still carry a request. Node learns that the other side is gone
 * only when its event loop comes round, which under load is milliseconds later, and several requests would be written
 * into a connection that is known to be dead. So the kernel is asked: a read that would block is a connection that lives.
 */
export function isAlive(socket: Socket): boolean {
  if (!socket.readable || !socket.writable) return false;
  const descriptor = descriptorOf(socket);
  if (descriptor === undefined) return true;
  try {
    // The end, or bytes that nobody asked for.
    readSync(descriptor, oneByte);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EAGAIN";
  }
}

const oneByte = Buffer.alloc(1);

/** Node does not document it, and Windows has none; without it we know what the event loop has told. */
function descriptorOf(socket: Socket & { readonly _handle?: { readonly fd?: number } | null }): number | undefined {
  const descriptor = socket._handle?.fd;
  return descriptor !== undefined && descriptor >= 0 ? descriptor : undefined;
}
