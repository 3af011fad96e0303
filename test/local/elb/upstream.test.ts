import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive } from "../../../local/elb/upstream.ts";

let server: Server;
let ours: Socket;
let theirs: Socket;

beforeEach(async () => {
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  ours = connect(typeof address === "object" && address ? address.port : 0, "127.0.0.1").resume();
  const [[accepted]] = await Promise.all([once(server, "connection"), once(ours, "connect")]);
  theirs = accepted;
  ours.on("error", () => {});
});

afterEach(() => {
  ours.destroy();
  theirs.destroy();
  server.close();
});

// What the other side does is known to the kernel at once, and to Node not before this turn of the event loop is over.
test.for([
  { name: "a quiet connection", happens: () => {}, alive: true },
  { name: "one that was closed", happens: () => theirs.destroy(), alive: false },
  { name: "one that was reset, as by a process that dies", happens: () => theirs.resetAndDestroy(), alive: false },
  { name: "one with bytes that nobody asked for", happens: () => theirs.write("HTTP/1.1 408"), alive: false },
])("$name is alive: $alive", ({ happens, alive }) => {
  happens();
  expect([ours.readable && ours.writable, isAlive(ours)]).toEqual([true, alive]);
});

test("a destroyed connection is not alive", () => {
  ours.destroy();
  expect(isAlive(ours)).toBe(false);
});
