import { describe, expect, test } from "vitest";
import type { ServiceRow } from "../../core/dispatch/due.ts";
import { Fault } from "../../core/model/fault.ts";
import { keys } from "../../core/model/names.ts";
import type { StateRecord } from "../../core/model/records.ts";
import type { Store } from "../../core/ports/store.ts";
import { findTroubles } from "../../steps/find-troubles.ts";
import { applied, aRunningService } from "../support/running-service.ts";
import { key } from "../support/service.ts";
import { aStage, type Stage } from "../support/stage.ts";

const minute = 60_000;
const atRest: ServiceRow = { key, generation: 1, observed: 1 };

async function found({ ports }: Stage, rows: readonly ServiceRow[], store: Partial<Store> = {}) {
  const troubles = await findTroubles({ ...ports, store: { ...ports.store, ...store } }, rows);
  return troubles.map(({ kind, about, message }) => `${kind} ${about}: ${message}`);
}

/** A store that tells what was read of it. */
function watchedReads({ ports: { store } }: Stage) {
  const reads: string[] = [];
  const watched: Partial<Store> = {
    get: (place) => {
      reads.push(`get ${place.partition} ${place.sort}`);
      return store.get(place);
    },
    query: (partition, prefix) => {
      reads.push(`query ${partition} ${prefix ?? ""}`.trimEnd());
      return store.query(partition, prefix);
    },
  };
  return { reads, store: watched };
}

describe("at rest", () => {
  test("there is none, and the budgets alone are read", async () => {
    const stage = await aRunningService();
    const { reads, store } = watchedReads(stage);
    expect(await found(stage, [atRest], store)).toEqual([]);
    expect(reads).toEqual(["query account#eu-central-1 budget#"]);
  });

  test("a busy service that does well costs one read more", async () => {
    const stage = await aRunningService();
    const { reads, store } = watchedReads(stage);
    expect(await found(stage, [{ ...atRest, dueAtMs: stage.clock.nowMs() - 6 * minute }], store)).toEqual([]);
    expect(reads).toHaveLength(2);
    expect(reads).toContain("get service#shop/web state");
  });
});

test("a message that nobody could work on is told, by its queue", async () => {
  const stage = aStage();
  stage.queues.send("work", "no wake-up");
  for (let receive = 0; receive <= 5; receive += 1) {
    stage.queues.receive("work", 1);
    stage.clock.advance(180_000);
  }
  expect(await found(stage, [])).toEqual([expect.stringContaining("dead letters work-dead: it holds 1 message")]);
});

test("an account that throttles is told, by what is throttled", async () => {
  const stage = aStage();
  const budget = { partition: "account#eu-central-1", sort: "budget#ecs-modify" };
  await stage.store.halve(budget, stage.clock.nowMs() + minute);
  expect(await found(stage, [])).toEqual([expect.stringContaining("throttled ecs-modify: AWS throttled")]);
});

test("a command that no pass has decided about for long is told, by its service", async () => {
  const stage = await aRunningService();
  await applied(stage, { "spec.replicas": 3 });
  stage.clock.advance(6 * minute);
  expect(await found(stage, [{ ...atRest, generation: 2 }])).toEqual([
    expect.stringContaining("behind shop/web: generation 2 was accepted 6 minutes ago"),
  ]);
});

test("a rollout past its deadline is told, by its service", async () => {
  const stage = await aRunningService();
  const state = await stage.store.get<StateRecord>(keys.state(key));
  if (state === undefined) throw new Error("there is no state");
  await stage.store.swap(state, { progress: { ...state.progress, complete: false } });
  stage.clock.advance(60 * minute);
  const due = { ...atRest, dueAtMs: stage.clock.nowMs() - 30 * minute };
  expect(await found(stage, [due])).toEqual([expect.stringContaining("stuck rollout shop/web: its rollout")]);
});

describe("a service that cannot be read", () => {
  const due = (stage: Stage) => ({ ...atRest, dueAtMs: stage.clock.nowMs() - 6 * minute });

  test("is told, and so are the others", async () => {
    const stage = await aRunningService();
    await applied(stage, { "metadata.name": "api" });
    stage.clock.advance(6 * minute);
    const api = { key: "shop/api" as typeof key, generation: 1 };
    const get: Store["get"] = (place) =>
      place.partition === `service#${key}`
        ? Promise.reject(new Fault("transient", "Timeout", "the table did not answer"))
        : stage.store.get(place);
    expect(await found(stage, [due(stage), api], { get })).toEqual([
      expect.stringContaining("behind shop/api"),
      expect.stringContaining("unreadable shop/web: its records could not be read: the table did not answer"),
    ]);
  });

  test("for a bug of ours fails the sweep", async () => {
    const stage = await aRunningService();
    const get = () => Promise.reject(new Error("a bug"));
    await expect(found(stage, [due(stage)], { get })).rejects.toThrow("a bug");
  });

  test("for a damaged state is told, with what is amiss", async () => {
    const stage = await aRunningService();
    const state = await stage.store.get<StateRecord>(keys.state(key));
    if (state === undefined) throw new Error("there is no state");
    await stage.store.swap(state, { stops: undefined as never });
    expect(await found(stage, [due(stage)])).toEqual([
      expect.stringContaining("unreadable shop/web: it is left alone, and what runs of it goes on: state is damaged"),
    ]);
  });
});
