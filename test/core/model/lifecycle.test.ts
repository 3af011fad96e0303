import { describe, expect, test } from "vitest";
import {
  callAfter,
  callEvents,
  callMoves,
  isBeforeRunning,
  isLegalMove,
  type SlotState,
  slotEvents,
  slotMoves,
  slotStates,
  stopEvents,
  stopMoves,
  taskStatuses,
} from "../../../core/model/lifecycle.ts";

/** Every pair of a table: where it leads, or `·` where it is refused; a line per state, events in their order. */
function matrix(
  moves: Readonly<Record<string, Readonly<Partial<Record<string, string>>>>>,
  states: readonly string[],
  events: readonly string[],
): readonly string[] {
  return states.map((state) => `${state}: ${events.map((event) => moves[state]?.[event] ?? "·").join(" | ")}`);
}

describe("the whole matrix", () => {
  test("of slots", () => {
    expect(slotEvents.join(" | ")).toBe(
      "called | refused | answered | ran | passed its checks | joined its traffic | proved ready | failed its checks | fell out of its traffic | told to leave | taken back | told to stop | lost | stopped",
    );
    expect(matrix(slotMoves, slotStates, slotEvents)).toEqual([
      "empty: open | · | · | · | · | · | · | · | · | · | · | · | · | ·",
      "open: · | empty | starting | · | · | · | · | · | · | · | · | · | · | ·",
      "starting: · | · | · | running | · | · | · | · | · | leaving | · | stopping | abandoned | empty",
      "running: · | · | · | · | healthy | · | · | · | · | leaving | · | stopping | abandoned | empty",
      "healthy: · | · | · | · | · | in traffic | · | running | · | leaving | · | stopping | abandoned | empty",
      "in traffic: · | · | · | · | · | · | available | running | healthy | leaving | · | stopping | abandoned | empty",
      "available: · | · | · | · | · | · | · | running | healthy | leaving | · | stopping | abandoned | empty",
      "leaving: · | · | · | · | · | · | · | · | · | · | running | stopping | abandoned | empty",
      "stopping: · | · | · | · | · | · | · | · | · | · | · | · | abandoned | empty",
      "abandoned: · | · | · | · | · | · | · | · | · | · | · | stopping | · | empty",
    ]);
  });

  test("of calls", () => {
    expect(matrix(callMoves, ["sent", "settling", "answered", "void"], callEvents)).toEqual([
      "sent: answered | void | settling",
      "settling: answered | void | ·",
      "answered: · | · | ·",
      "void: · | · | ·",
    ]);
  });

  test("of stops", () => {
    expect(matrix(stopMoves, ["leaving", "stopping"], stopEvents)).toEqual([
      "leaving: stopping | gone | gone",
      "stopping: · | · | gone",
    ]);
  });
});

describe("moves of a slot", () => {
  test("are legal exactly where some event leads there", () => {
    for (const from of slotStates)
      for (const to of slotStates)
        expect(isLegalMove(from, to)).toBe(slotEvents.some((event) => slotMoves[from][event] === to));
  });

  test("open becomes empty by a refusal alone, and nothing that lives is forgotten but by STOPPED", () => {
    const leadsToEmpty = slotStates.flatMap((from) =>
      slotEvents.filter((event) => slotMoves[from][event] === "empty").map((event) => `${from} ${event}`),
    );
    const living: readonly SlotState[] = slotStates.filter((state) => state !== "empty" && state !== "open");
    expect(leadsToEmpty).toEqual(["open refused", ...living.map((state) => `${state} stopped`)]);
  });
});

describe("what an event makes of a call", () => {
  test("is what the table says", () => {
    expect(callAfter("sent", "give up")).toBe("settling");
  });

  test("is a bug of ours where the table says nothing", () => {
    expect(() => callAfter("void", "answer")).toThrow("broken invariant: a call that is void cannot answer");
  });
});

test("ECS's statuses, and which of them come before RUNNING", () => {
  expect(taskStatuses.map((status) => `${status} ${isBeforeRunning(status)}`)).toEqual([
    "PROVISIONING true",
    "PENDING true",
    "ACTIVATING true",
    "RUNNING false",
    "DEACTIVATING false",
    "STOPPING false",
    "DEPROVISIONING false",
    "STOPPED false",
  ]);
});
