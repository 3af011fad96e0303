import {
  assert,
  boolean,
  constantFrom,
  dictionary,
  integer,
  property,
  shuffledSubarray,
  uniqueArray,
} from "fast-check";
import { describe, expect, test } from "vitest";
import type { ServiceKey } from "../../../core/model/ids.ts";
import { placeOnZones } from "../../../core/placement/place.ts";
import { type Asked, aPlacement, constraint, hard, soft } from "../../support/placement.ts";

function onZones(asked: Asked, zones: readonly string[]) {
  return placeOnZones(
    {
      key: (asked.key ?? "shop/web") as ServiceKey,
      count: asked.count ?? 1,
      placement: aPlacement(asked),
      placed: new Map(Object.entries(asked.placed ?? {})),
    },
    zones,
  );
}

/** Tasks per zone, in the order of zones: `"a:2 b:2 c:1"`. */
function tally(zones: readonly string[]): string {
  const counts = Map.groupBy(zones.toSorted(), (zone) => zone);
  return [...counts].map(([zone, tasks]) => `${zone}:${tasks.length}`).join(" ");
}

describe("zones on Fargate", () => {
  test.for([
    { name: "evenly by default", asked: { count: 6 }, expected: "a:2 b:2 c:2" },
    { name: "the emptiest first", asked: { count: 3, placed: { a: 2, b: 1 } }, expected: "b:1 c:2" },
    {
      name: "only where a constraint lets it",
      asked: { count: 4, constraints: ["zone notIn b"] },
      expected: "a:2 c:2",
    },
    { name: "a hard spread", asked: { count: 6, spread: [hard("zone")] }, expected: "a:2 b:2 c:2" },
    { name: "a spread by node asks for no more", asked: { count: 6, spread: [hard("node")] }, expected: "a:2 b:2 c:2" },
    {
      name: "tasks in zones that it has left do not count",
      asked: { count: 3, placed: { d: 9 } },
      expected: "a:1 b:1 c:1",
    },
  ])("$name", ({ asked, expected }) => {
    const constraints = "constraints" in asked ? asked.constraints?.map(constraint) : [];
    const placed = onZones({ ...asked, constraints: constraints ?? [] }, ["b", "c", "a"]);
    expect(tally(placed.zones)).toBe(expected);
    expect(placed.unplaced).toBe(0);
    expect([...placed.rejections]).toEqual([]);
  });

  test("no zone has an attribute", () => {
    const placed = onZones({ count: 2, spread: [hard("rack")], constraints: [constraint("zone in a")] }, ["a", "b"]);
    expect(placed.unplaced).toBe(2);
    expect([...placed.rejections]).toEqual([
      ["have no rack to spread by", 1],
      ["do not match the constraint on zone", 1],
    ]);
  });

  test("no zones, no place", () => {
    expect(onZones({ count: 2 }, [])).toEqual({ zones: [], unplaced: 2, rejections: new Map() });
  });

  test("services of one task begin in different zones", () => {
    const first = Array.from(
      { length: 900 },
      (_, index) => onZones({ key: `shop/web-${index}` }, ["a", "b", "c"]).zones,
    );
    for (const zone of ["a", "b", "c"]) {
      expect(first.flat().filter((each) => each === zone).length).toBeGreaterThan(240);
    }
  });

  test("no zone gets ahead of another by more than one, and their order changes nothing", () => {
    const names = ["a", "b", "c", "d"];
    assert(
      property(
        uniqueArray(constantFrom(...names), { minLength: 1 }).chain((zones) =>
          shuffledSubarray(zones, { minLength: zones.length }).map((other) => ({ zones, other })),
        ),
        integer({ min: 0, max: 30 }),
        boolean(),
        dictionary(constantFrom(...names), integer({ min: 0, max: 1 })),
        ({ zones, other }, count, refuse, placed) => {
          const asked = { count, placed, spread: [refuse ? hard("zone") : soft("zone")] };
          const answer = onZones(asked, zones);
          expect(onZones(asked, other)).toEqual(answer);
          expect(answer.zones.length).toBe(count);
          const counts = zones.map((zone) => (placed[zone] ?? 0) + answer.zones.filter((each) => each === zone).length);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
