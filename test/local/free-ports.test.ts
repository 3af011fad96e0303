import { createServer } from "node:net";
import { expect, test } from "vitest";
import { freePorts } from "../../local/free-ports.ts";

test("the same port is not given twice", async () => {
  const ports = freePorts();
  const given = new Set<number>();
  for (let count = 0; count < 200; count++) given.add(await ports.next());
  expect(given.size).toBe(200);
});

test("ports that are asked for at the same time differ", async () => {
  const ports = freePorts();
  const given = await Promise.all(Array.from({ length: 50 }, () => ports.next()));
  expect(new Set(given).size).toBe(50);
});

test("a port that somebody listens on is passed over", async () => {
  const taken = await freePorts().next();
  const server = createServer().listen(taken, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const given = await freePorts(taken).next();
  await new Promise((resolve) => server.close(resolve));
  expect(given).not.toBe(taken);
});
