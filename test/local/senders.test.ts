import { expect, test } from "vitest";
import { rememberSenders } from "../../local/senders.ts";

const nothingExists = async () => new Set<string>();

test("a message's first sender stays", async () => {
  const senders = rememberSenders(nothingExists);
  await senders.remember("m1", "ada");
  await senders.remember("m1", "eve");
  expect(await senders.of("m1")).toBe("ada");
  expect(await senders.of("m2")).toBeUndefined();
});

test("past the limit the senders of messages that exist are kept, the others are forgotten", async () => {
  const senders = rememberSenders(async () => new Set(["m1", "m3"]), 2);
  await senders.remember("m1", "ada");
  await senders.remember("m2", "ada");
  expect(await senders.of("m2")).toBe("ada");
  await senders.remember("m3", "eve");
  expect([await senders.of("m1"), await senders.of("m2"), await senders.of("m3")]).toEqual(["ada", undefined, "eve"]);
});

test("with twice the limit's messages in the queues, it looks again only when as many are new", async () => {
  const sent = new Set<string>();
  let looks = 0;
  const senders = rememberSenders(async () => {
    looks++;
    return sent;
  }, 4);
  for (let index = 0; index < 64; index++) {
    sent.add(`m${index}`);
    await senders.remember(`m${index}`, "ada");
  }
  // At 5, then past twice what was kept: 11, 23, 47.
  expect(looks).toBe(4);
  expect(await senders.of("m0")).toBe("ada");
});

test("what is sent while it looks is kept", async () => {
  let found = (_: ReadonlySet<string>) => {};
  const looking = new Promise<ReadonlySet<string>>((resolve) => {
    found = resolve;
  });
  const senders = rememberSenders(() => looking, 1);
  await senders.remember("m1", "ada");
  const second = senders.remember("m2", "ada");
  await senders.remember("m3", "eve");
  found(new Set());
  await second;
  expect([await senders.of("m1"), await senders.of("m3")]).toEqual([undefined, "eve"]);
});

test("a look that fails is an error of the send, and forgets nothing", async () => {
  const senders = rememberSenders(() => Promise.reject(new Error("closed")), 1);
  await senders.remember("m1", "ada");
  await expect(senders.remember("m2", "ada")).rejects.toThrow("closed");
  expect([await senders.of("m1"), await senders.of("m2")]).toEqual(["ada", "ada"]);
});

test("a message that is received before its send is answered has its sender too", async () => {
  const senders = rememberSenders(nothingExists);
  let answer = () => {};
  const send = new Promise<void>((resolve) => {
    answer = resolve;
  }).then(() => senders.remember("m1", "ada"));
  void senders.sending(send);
  const sender = senders.of("m1");
  answer();
  expect(await sender).toBe("ada");
});
