import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Where ports come from: below the ranges that systems take for outgoing connections, so that none of those is in the way. */
const lowest = 20_000;
const highest = 31_999;

/** Gives loopback ports that nobody listens on. */
export interface FreePorts {
  /** One port; not given again before every other one of the range was. @throws Error when all are taken. */
  next(): Promise<number>;
}

/**
 * Walks through a range of 12,000 ports from a random start, so that several clusters on one machine rarely try the same
 * one. Between the look and the use somebody else may still take it: then its container fails to listen, and is replaced.
 * @param start The port to begin with, 20,000 to 31,999.
 */
export function freePorts(start = randomInt(lowest, highest + 1)): FreePorts {
  const count = highest - lowest + 1;
  let offset = start - lowest;
  const next = async () => {
    for (let tries = 0; tries < count; tries++) {
      const port = lowest + offset;
      offset = (offset + 1) % count;
      if (await isFree(port)) return port;
    }
    throw new Error(`no free port from ${lowest} to ${highest}`);
  };
  return { next };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
