import { describe, expect, test } from "vitest";
import { decideChange } from "../../../core/admission/change.ts";
import type { Ground } from "../../../core/admission/ground.ts";
import type { Revision } from "../../../core/model/ids.ts";
import type { RevisionRecord, SpecRecord } from "../../../core/model/records.ts";
import { aGround, aGroundSpec, aHistory, aimed, changesOf, grounds, outcomeOf } from "../../support/ground.ts";
import { aContent, aManifest, aRevision, nowMs } from "../../support/service.ts";

const to = (target?: number | string) =>
  ({ type: "rollback", ...aimed, ...(target === undefined ? {} : { to: target }) }) as const;

/** A revision of so many CPU units on EC2, brought in by that generation. */
function past(revision: string, generation: number, cpuUnits: number, given: Partial<RevisionRecord> = {}) {
  const { task } = aManifest({ cpuUnits }).spec;
  return aRevision(revision, { generation, proven: true, given: { task, capacity: [{ type: "ec2" }] }, ...given });
}

const first = past("aaaa1111", 1, 1);
const second = past("aaaa2222", 2, 2);
const present = aRevision("bbbb3333", { generation: 4 });

/** Service `shop/web` after three revisions, the last of which is wanted. */
function ground(
  given: { revisions?: readonly RevisionRecord[]; wanted?: string; stable?: string; spec?: Partial<SpecRecord> } = {},
): Ground {
  const { revisions = [first, second, present], wanted = "bbbb3333", stable, spec = {} } = given;
  const { state } = aHistory({ stable: stable as Revision });
  const history = { wanted: wanted as Revision, revisions, ...(stable && state ? { state } : {}) };
  return aGround({ spec: aGroundSpec(spec), history });
}

/** What CPU the task has that is gone back to. */
function cpuAfter(target: number | string | undefined, on: Ground): unknown {
  const changes = changesOf(decideChange(to(target), on)) as { manifest?: SpecRecord["manifest"] };
  return changes.manifest?.spec.task.cpuUnits;
}

test("writes the task, the capacity and the restarts of the revision, as a new attempt; the rest stays", () => {
  const manifest = { ...aManifest({ replicas: 7 }), metadata: { ...aManifest().metadata, labels: { team: "a" } } };
  const spread = [{ by: "zone", maxSkew: 1, whenUnsatisfiable: "prefer" }] as const;
  const placed = { ...manifest, spec: { ...manifest.spec, placement: { ...manifest.spec.placement, spread } } };
  const target = past("aaaa2222", 2, 2, { content: { ...aContent(), restarts: 5 } });
  const on = ground({
    revisions: [target, present],
    spec: { manifest: placed, cancelled: 4, restarts: 8, rolloutPaused: true },
  });
  expect(changesOf(decideChange(to(), on))).toStrictEqual({
    manifest: {
      ...placed,
      spec: {
        ...placed.spec,
        task: target.given.task,
        placement: { ...placed.spec.placement, capacity: [{ type: "ec2" }] },
      },
    },
    restarts: 5,
    isRollback: true,
    cancelled: undefined,
    generation: 5,
    attempt: 5,
    acceptedAtMs: nowMs,
    lastCommand: "c9",
    wroteManifest: 8,
    kindRow: "shop/web#spec#5",
  });
});

describe("without a target it goes back to", () => {
  test.for<{ readonly name: string; readonly on: Ground; readonly cpuUnits: number }>([
    { name: "the one before the present", on: ground(), cpuUnits: 2 },
    {
      name: "the latest, in whatever order they lie",
      on: ground({ revisions: [second, present, first] }),
      cpuUnits: 2,
    },
    {
      name: "the one that was wanted before an earlier one came back",
      on: ground({ revisions: [past("aaaa1111", 3, 1), second, present] }),
      cpuUnits: 1,
    },
    {
      name: "the latest, where the present one has no record yet",
      on: ground({ revisions: [first, second] }),
      cpuUnits: 2,
    },
    {
      name: "the latest other one, where the present one's generation is not noted yet",
      on: ground({ revisions: [first, second], wanted: "aaaa1111" }),
      cpuUnits: 2,
    },
    {
      name: "none that is about to be forgotten",
      on: ground({ revisions: [first, { ...second, expiresAt: 2_000_000 }, present] }),
      cpuUnits: 1,
    },
    {
      name: "none that says what the spec says, whatever an install's defaults made of it",
      on: ground({ revisions: [first, aRevision("cccc4444", { generation: 3 }), present] }),
      cpuUnits: 1,
    },
    {
      name: "one that differs in its restarts alone",
      on: ground({
        revisions: [
          first,
          aRevision("cccc4444", { generation: 3, proven: true, content: { ...aContent(), restarts: 1 } }),
          present,
        ],
      }),
      cpuUnits: 256,
    },
    {
      name: "the younger of two of a generation",
      on: ground({
        revisions: [past("aaaa1111", 2, 1, { createdAtMs: 7 }), past("aaaa2222", 2, 2, { createdAtMs: 6 }), present],
      }),
      cpuUnits: 1,
    },
    {
      name: "none that failed since it was live",
      on: ground({ revisions: [first, past("aaaa2222", 2, 2, { failed: "BreakerTripped" }), present] }),
      cpuUnits: 1,
    },
    {
      name: "what is proven, however many were tried since",
      on: ground({ stable: "aaaa1111" }),
      cpuUnits: 1,
    },
    {
      name: "the one before the present, where that is proven",
      on: ground({ stable: present.revision }),
      cpuUnits: 2,
    },
    {
      name: "the first of two that nothing tells apart",
      on: ground({ revisions: [past("aaaa2222", 2, 2), past("aaaa1111", 2, 1), present] }),
      cpuUnits: 1,
    },
  ])("$name", ({ on, cpuUnits }) => expect(cpuAfter(undefined, on)).toBe(cpuUnits));
});

describe("a target", () => {
  test.for<{ readonly target: number | string; readonly cpuUnits: number }>([
    { target: 1, cpuUnits: 1 },
    { target: 2, cpuUnits: 2 },
    { target: "aaaa1", cpuUnits: 1 },
    { target: "aaaa2222", cpuUnits: 2 },
  ])("$target is found", ({ target, cpuUnits }) => expect(cpuAfter(target, ground())).toBe(cpuUnits));

  test("that is a generation may have been brought in twice, by defaults of the install: the younger counts", () => {
    const revisions = [past("aaaa1111", 1, 1, { createdAtMs: 6 }), past("aaaa0000", 1, 3, { createdAtMs: 7 }), present];
    expect(cpuAfter(1, ground({ revisions }))).toBe(3);
  });

  test.for<{ readonly name: string; readonly target: number | string; readonly on?: Ground }>([
    { name: "is the present one's generation", target: 4 },
    { name: "is the present one's name", target: "bbbb" },
    { name: "is the name of one that has no record yet", target: "bbbb3", on: ground({ revisions: [first] }) },
    {
      name: "says what the spec says",
      target: "cccc",
      on: ground({ revisions: [first, aRevision("cccc4444", { generation: 3 }), present] }),
    },
  ])("that $name changes nothing", ({ target, on = ground() }) => {
    expect(outcomeOf(decideChange(to(target), on))).toBe("nothing 4");
  });

  test.for<{
    readonly target?: number | string;
    readonly on?: Ground;
    readonly code: string;
    readonly message: string;
  }>([
    {
      target: 3,
      code: "no-revision",
      message:
        "service shop/web has no revision of generation 3; it can go back to generation 2 (aaaa2222) or generation 1 (aaaa1111)",
    },
    {
      target: "cccc",
      code: "no-revision",
      message:
        "service shop/web has no revision cccc; it can go back to generation 2 (aaaa2222) or generation 1 (aaaa1111)",
    },
    {
      target: "2222",
      code: "no-revision",
      message:
        "service shop/web has no revision 2222; it can go back to generation 2 (aaaa2222) or generation 1 (aaaa1111)",
    },
    {
      target: "aaaa",
      code: "ambiguous",
      message: "aaaa is the start of generation 2 (aaaa2222) or generation 1 (aaaa1111); give more of the name",
    },
    {
      target: 1,
      on: ground({ revisions: [{ ...first, expiresAt: 2_000_000 }, present] }),
      code: "no-revision",
      message: "service shop/web has no earlier revision to go back to",
    },
    {
      on: ground({ revisions: [present] }),
      code: "no-revision",
      message: "service shop/web has no earlier revision to go back to",
    },
  ])("is refused: $message", ({ target, on = ground(), code, message }) => {
    expect(decideChange(to(target), on)).toEqual({ kind: "refused", issues: [{ code, path: "to", message }] });
  });

  test("that is not there is told beside the ten latest that are", () => {
    const revisions = Array.from({ length: 12 }, (_, index) => past(`aaaa${index + 10}`, index + 1, index + 1));
    const change = decideChange(to(99), ground({ revisions }));
    const [issue] = "issues" in change ? change.issues : [];
    expect(issue?.message).toMatch(/go back to generation 12 .* or generation 3 \(aaaa12\)$/);
  });
});

test("a revision that does not go with the spec's traffic is refused", () => {
  const targetGroup = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef";
  const manifest = aManifest({ traffic: [{ targetGroup }] });
  const { task } = aManifest({ cpuUnits: 1 }).spec;
  const containers = task.containers.map((container) => ({ ...container, ports: [] }));
  const target = past("aaaa1111", 1, 1, { given: { task: { ...task, containers }, capacity: [] } });
  expect(decideChange(to(), ground({ revisions: [target, present], spec: { manifest } }))).toEqual({
    kind: "refused",
    issues: [
      {
        code: "conflict",
        path: "to",
        message:
          "revision aaaa1111 (generation 1) does not go with the rest of the spec (spec.traffic[0].port: http is no port of app; there is nothing); apply the manifest that is meant",
      },
    ],
  });
});

test.for([grounds.none, grounds.deleting])("a service that is gone, or going, has nothing to go back to (%#)", (on) => {
  const { history } = ground();
  expect(outcomeOf(decideChange(to(), aGround({ history, ...on })))).toMatch(/^refused (not-found|deleting)$/);
});
