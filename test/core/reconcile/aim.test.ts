import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import { anAimed, type Told } from "../../support/snapshot.ts";

/** How many are wanted, and within which bounds: `"3 +1 -0, 3 stay"`. */
function aimed(told: Told): string {
  const { replicas, surge, unavailable, minAvailable } = anAimed(told).aim;
  return `${replicas} +${surge} -${unavailable}, ${minAvailable} stay`;
}

const rolling = (maxSurge: number | `${number}%`, maxUnavailable: number | `${number}%`): Told => ({
  rollout: { strategy: "rolling", maxSurge, maxUnavailable },
});

describe("how many are wanted", () => {
  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "as many as the spec says", replicas: 5, ...rolling(1, 0), is: "5 +1 -0, 5 stay" },
    { name: "shares are of what is wanted", replicas: 5, ...rolling("25%", "50%"), is: "5 +2 -2, 3 stay" },
    { name: "with neither one may be missing", replicas: 5, ...rolling(0, 0), is: "5 +0 -1, 4 stay" },
    { name: "no more may be missing than there are", replicas: 2, ...rolling(0, 5), is: "2 +0 -2, 0 stay" },
    { name: "recreate: what is there stays until all of it goes", replicas: 5, is: "5 +0 -5, 5 stay" },
    { name: "none", replicas: 0, ...rolling(1, 0), is: "0 +1 -0, 0 stay" },
    { name: "none of what is deleted", replicas: 5, deleting: true, ...rolling("25%", 0), is: "0 +0 -0, 0 stay" },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(aimed(told)).toBe(is);
  });
});

describe("with autoscaling", () => {
  const told: Told = { replicas: 5, autoscaling: { min: 2, max: 8 }, ...rolling("25%", 0) };
  const standing: Told = { ...told, state: { scale: { replicas: 6, recommended: [], moves: [] } } };

  test.for<Told & { readonly name: string; readonly is: string }>([
    {
      name: "the spec's are those of the first start",
      ...told,
      plan: "none",
      metrics: ["missing"],
      is: "5 +2 -0, 5 stay",
    },
    {
      name: "what is planned, where it is added to what runs",
      ...told,
      replicas: 1,
      plan: "v1:0-6 max 8",
      metrics: ["missing"],
      is: "7 +2 -0, 7 stay",
    },
    { name: "within the bounds", ...told, replicas: 9, metrics: ["missing"], is: "8 +2 -0, 8 stay" },
    { name: "as many as the metrics want", ...told, metrics: [40], is: "4 +1 -0, 4 stay" },
    { name: "what stands, where nobody knows", ...standing, metrics: ["missing"], is: "6 +2 -0, 6 stay" },
    {
      name: "what stands is another life's",
      ...standing,
      spec: { uid: "u2" },
      metrics: ["missing"],
      is: "5 +2 -0, 5 stay",
    },
    { name: "none of what is deleted", ...standing, metrics: [40], deleting: true, is: "0 +0 -0, 0 stay" },
  ])("$name", ({ name: _, is, ...given }) => {
    expect(aimed(given)).toBe(is);
  });

  test("what was decided is told with its reason, and of what is deleted nothing", () => {
    expect(anAimed({ ...told, metrics: [40] }).aim.scaling).toMatchObject({
      scale: { replicas: 4 },
      why: { kind: "following" },
    });
    expect(anAimed({ ...told, metrics: [40], deleting: true }).aim.scaling).toBeUndefined();
    expect(anAimed({ metrics: [40] }).aim.scaling).toBeUndefined();
  });
});

test("the target and the attempt are those of the rollout", () => {
  const { target, rollout } = anAimed({ wanted: "v2", plan: "v1:0 max 1" }).aim;
  expect(target).toBe("v2");
  expect(rollout).toEqual({ attempt: 1, revision: "v2" as Revision, startedAtMs: 0 });
});
