import { describe, expect, test } from "vitest";
import type { Lease } from "../../core/model/records.ts";
import type { Store } from "../../core/ports/store.ts";
import { type Names, withLease } from "../../steps/lease.ts";
import { aStage, between, type Stage } from "../support/stage.ts";

const key = { partition: "cluster#main", sort: "lease" };
const leaseMs = 40_000;

const find = ({ store }: Stage) => store.get<Lease>(key);

/** A pass under the lease, and what it was asked to look at, round by round. */
async function passing(stage: Stage, names: Names, pass: (round: number) => Promise<unknown> = async () => {}) {
  const looked: Names[] = [];
  const outcome = await withLease(stage.ports, key, names, async (given) => {
    looked.push(given);
    await pass(looked.length);
  });
  return { outcome, looked };
}

/** Somebody else who wants a look while the lease is held. */
const want = (stage: Stage, names: Names) => passing(stage, names);

const withStore = (stage: Stage, store: Store): Stage => ({ ...stage, ports: { ...stage.ports, store } });

/** A pass that takes the lease and dies: nothing that it does afterwards arrives. */
async function dyingUnder(stage: Stage): Promise<void> {
  const store: Store = { ...stage.store, remove: () => Promise.reject(new Error("dead")) };
  await expect(passing(withStore(stage, store), ["a"], () => Promise.reject(new Error("dies")))).rejects.toThrow(
    "dies",
  );
}

describe("a lease", () => {
  test("is held during the pass and gone after it", async () => {
    const stage = aStage();
    let during: Lease | undefined;
    const { outcome, looked } = await passing(stage, ["a"], async () => {
      during = await find(stage);
    });
    expect(during).toMatchObject({ wanted: 0, names: ["a"], untilMs: stage.clock.nowMs() + leaseMs });
    expect(during?.expiresAt).toBe(Math.ceil((stage.clock.nowMs() + leaseMs) / 1000));
    expect({ outcome, looked }).toEqual({ outcome: "done", looked: [["a"]] });
    expect(await find(stage)).toBeUndefined();
  });

  test("that is held is told what else is wanted, and nothing is done", async () => {
    const stage = aStage();
    const others: unknown[] = [];
    await passing(stage, ["a"], async (round) => {
      if (round > 1) return;
      others.push(await want(stage, ["b"]), await want(stage, ["c", "a"]));
      expect(await find(stage)).toMatchObject({ wanted: 2, names: ["a", "b", "c"] });
    });
    expect(others).toEqual([
      { outcome: "busy", looked: [] },
      { outcome: "busy", looked: [] },
    ]);
  });

  test("that is wanted meanwhile is kept for another look, at all that was asked for", async () => {
    const stage = aStage();
    const { outcome, looked } = await passing(stage, ["a"], async (round) => round === 1 && want(stage, ["b"]));
    expect({ outcome, looked }).toEqual({ outcome: "done", looked: [["a"], ["a", "b"]] });
    expect(await find(stage)).toBeUndefined();
  });

  test("is let go after three looks; then a wake-up is due", async () => {
    const stage = aStage();
    const { outcome, looked } = await passing(stage, ["a"], () => want(stage, ["a"]));
    expect({ outcome, looks: looked.length }).toEqual({ outcome: "again", looks: 3 });
    expect(await find(stage)).toBeUndefined();
  });

  test.for([
    { name: "is kept while less than a third of the function's time is gone", tookMs: 9_999, looks: 3 },
    { name: "is let go once that time is gone; then a wake-up is due", tookMs: 10_000, looks: 1 },
  ])("that is wanted again $name", async ({ tookMs, looks }) => {
    const stage = aStage();
    const { outcome, looked } = await passing(stage, ["a"], async (round) => {
      if (round === 1) stage.clock.advance(tookMs);
      return round < 3 && want(stage, ["a"]);
    });
    expect({ outcome, looks: looked.length }).toEqual({ outcome: looks === 3 ? "done" : "again", looks });
  });

  test("that nobody wants after the third look is simply gone", async () => {
    const stage = aStage();
    const { outcome, looked } = await passing(stage, ["a"], async (round) => round < 3 && want(stage, ["a"]));
    expect({ outcome, looks: looked.length }).toEqual({ outcome: "done", looks: 3 });
    expect(await find(stage)).toBeUndefined();
  });

  test.for([
    { name: "is not taken before its time is over", agoMs: leaseMs - 1, outcome: "busy" },
    { name: "is taken from whoever did not let go, once its time is over", agoMs: leaseMs, outcome: "done" },
  ])("$name", async ({ agoMs, outcome: expected }) => {
    const stage = aStage();
    await dyingUnder(stage);
    stage.clock.advance(agoMs);
    const { outcome, looked } = await passing(stage, ["b"]);
    expect(outcome).toBe(expected);
    expect(looked).toEqual(expected === "done" ? [["b"]] : []);
  });

  test("that expires at an odd moment is taken although its item is still there", async () => {
    const stage = aStage();
    stage.clock.advance(1);
    await dyingUnder(stage);
    stage.clock.advance(leaseMs);
    expect(await find(stage)).toBeDefined();
    const { outcome, looked } = await passing(stage, ["b"]);
    expect({ outcome, looked }).toEqual({ outcome: "done", looked: [["b"]] });
  });

  test.for([
    { name: "was taken by somebody else", holder: "other" },
    { name: "is gone", holder: undefined },
  ])("that $name meanwhile is left alone, and another look is due", async ({ holder }) => {
    const stage = aStage();
    const { outcome, looked } = await passing(stage, ["a"], async () => {
      const lease = await find(stage);
      if (lease && holder) await stage.store.swap(lease, { holder, wanted: 5 });
      else if (lease) await stage.store.remove(lease);
    });
    expect({ outcome, looks: looked.length }).toEqual({ outcome: "again", looks: 1 });
    const left = await find(stage);
    expect([left?.holder, left?.wanted]).toEqual(holder ? [holder, 5] : [undefined, undefined]);
  });
});

describe("a write that takes a lease and whose answer is lost", () => {
  /** Whoever writes by that method is told that he lost, though he did not, as when the SDK repeats what was carried out. */
  const deaf = (stage: Stage, method: "create" | "swap"): Stage => {
    let done = false;
    const act = stage.store[method] as (...args: never[]) => Promise<unknown>;
    const deafOnce = async (...args: never[]) => {
      const answer = await act(...args);
      if (done) return answer;
      done = true;
      return undefined;
    };
    return withStore(stage, { ...stage.store, [method]: deafOnce });
  };

  test("took it: the first one", async () => {
    const stage = aStage();
    expect(await passing(deaf(stage, "create"), ["a"])).toEqual({ outcome: "done", looked: [["a"]] });
    expect(await find(stage)).toBeUndefined();
  });

  test("took it: one that expired", async () => {
    const stage = aStage();
    await dyingUnder(stage);
    stage.clock.advance(leaseMs);
    expect(await passing(deaf(stage, "swap"), ["b"])).toEqual({ outcome: "done", looked: [["b"]] });
    expect(await find(stage)).toBeUndefined();
  });

  test("and that others were told of meanwhile is still ours, with all that they want", async () => {
    const stage = aStage();
    const store: Store = {
      ...stage.store,
      create: async (item) => {
        await stage.store.create(item);
        await want(stage, ["b"]);
        return undefined;
      },
    };
    expect(await passing(withStore(stage, store), ["a"])).toEqual({
      outcome: "done",
      looked: [
        ["a", "b"],
        ["a", "b"],
      ],
    });
  });
});

describe("names under a lease", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);
  test.for<{ name: string; first: Names; second: Names; joined: Names }>([
    { name: "are joined, each once", first: ["a"], second: ["b", "a"], joined: ["a", "b"] },
    { name: "are a hundred at most", first: many(100), second: ["n0"], joined: many(100) },
    { name: "are all beyond a hundred", first: many(100), second: ["x"], joined: "all" },
    { name: "are all when one wants all", first: ["a"], second: "all", joined: "all" },
    { name: "stay all", first: "all", second: ["a"], joined: "all" },
  ])("$name", async ({ first, second, joined }) => {
    const stage = aStage();
    const { looked } = await passing(stage, first, async (round) => round === 1 && want(stage, second));
    expect(looked).toEqual([first, joined]);
  });
});

describe("two at once", () => {
  test("one gets a lease that nobody held", async () => {
    const stage = aStage();
    const inner: unknown[] = [];
    const store = between(stage.store, "create", async () => {
      await stage.store.create<Lease>({
        ...key,
        schema: 1,
        uid: "lease",
        holder: "other",
        untilMs: stage.clock.nowMs() + 1,
        wanted: 0,
        names: [],
      });
      inner.push("taken");
    });
    expect(await passing(withStore(stage, store), ["a"])).toEqual({ outcome: "busy", looked: [] });
    expect(await find(stage)).toMatchObject({ holder: "other", wanted: 1, names: ["a"] });
  });

  test("one gets a lease that expired", async () => {
    const stage = aStage();
    const expired = {
      ...key,
      schema: 1,
      uid: "lease",
      holder: "old",
      untilMs: stage.clock.nowMs(),
      wanted: 0,
      names: [],
    };
    await stage.store.create<Lease>(expired);
    const store = between(stage.store, "swap", async () => {
      const lease = await find(stage);
      if (lease) await stage.store.swap(lease, { holder: "other", untilMs: stage.clock.nowMs() + 1 });
    });
    expect(await passing(withStore(stage, store), ["a"])).toEqual({ outcome: "busy", looked: [] });
    expect(await find(stage)).toMatchObject({ holder: "other", wanted: 1 });
  });

  test("what is wanted while the lease is let go is looked at", async () => {
    const stage = aStage();
    const store = between(stage.store, "remove", () => want(stage, ["b"]));
    const { outcome, looked } = await passing(withStore(stage, store), ["a"]);
    expect({ outcome, looked }).toEqual({ outcome: "done", looked: [["a"], ["a", "b"]] });
  });

  test("a lease that goes while it is told of is taken instead", async () => {
    const stage = aStage();
    const held = {
      ...key,
      schema: 1,
      uid: "lease",
      holder: "other",
      untilMs: stage.clock.nowMs() + 9,
      wanted: 0,
      names: [],
    };
    await stage.store.create<Lease>(held);
    const store = between(stage.store, "swap", async () => {
      const lease = await find(stage);
      if (lease) await stage.store.remove(lease);
    });
    expect(await passing(withStore(stage, store), ["a"])).toEqual({ outcome: "done", looked: [["a"]] });
  });

  test("who never gets to tell looks again later", async () => {
    const stage = aStage();
    const held = {
      ...key,
      schema: 1,
      uid: "lease",
      holder: "other",
      untilMs: stage.clock.nowMs() + 9,
      wanted: 0,
      names: [],
    };
    await stage.store.create<Lease>(held);
    const store: Store = { ...stage.store, swap: async () => undefined };
    expect(await passing(withStore(stage, store), ["a"])).toEqual({ outcome: "again", looked: [] });
  });

  test("a pass that fails lets go, and fails", async () => {
    const stage = aStage();
    const failing = withLease(stage.ports, key, ["a"], async () => {
      throw new Error("the store is away");
    });
    await expect(failing).rejects.toThrow("the store is away");
    expect(await find(stage)).toBeUndefined();
  });

  test("who never gets to let go looks again later", async () => {
    const stage = aStage();
    const store: Store = { ...stage.store, remove: async () => false };
    expect(await passing(withStore(stage, store), ["a"])).toEqual({ outcome: "again", looked: [["a"]] });
  });
});
