import { describe, expect, test } from "vitest";
import { decideChange } from "../../../core/admission/change.ts";
import type { ServiceCommand as Command } from "../../../core/admission/command.ts";
import { rowOf } from "../../../core/admission/first-spec.ts";
import type { Ground } from "../../../core/admission/ground.ts";
import { kindShardOf } from "../../../core/model/names.ts";
import type { ServiceManifest } from "../../../core/model/service.ts";
import { aGround, aGroundSpec, aHistory, changesOf, grounds, outcomeOf } from "../../support/ground.ts";
import { aManifest, key, nowMs } from "../../support/service.ts";

type Aimed = Partial<Pick<Command, "ifGeneration" | "confirm">>;

function apply(replicas = 5, given: Aimed = {}): Command {
  return { type: "apply", key, confirm: false, manifest: aManifest({ replicas }), ...given };
}

function scale(replicas: number, given: Aimed = {}): Command {
  return { type: "scale", key, confirm: false, replicas, ...given };
}

const remove = (given: Aimed = {}) => bare("delete", given);

function bare(type: "delete" | "restart" | "cancel", given: Aimed = {}): Command {
  return { type, key, confirm: false, ...given };
}

function rollback(given: Aimed & { readonly to?: number | string } = {}): Command {
  return { type: "rollback", key, confirm: false, ...given };
}

function hold(type: "pause" | "resume", only?: "rollout", given: Aimed = {}): Command {
  return { type, key, confirm: false, ...(only ? { only } : {}), ...given };
}

const { none, deleting, reborn } = grounds;

/** A rollout is under way, and what ran before is known. */
const underWay = { history: aHistory() };

describe("each command on each ground", () => {
  test.for<{
    readonly command: string;
    readonly given: Command;
    readonly on: string;
    readonly ground?: Partial<Ground>;
    readonly is: string;
  }>([
    { command: "apply", given: apply(), on: "nothing", ground: none, is: "create 1" },
    { command: "apply", given: apply(), on: "a spec", is: "swap 5" },
    { command: "apply of the same", given: apply(3), on: "a spec", is: "nothing 4" },
    { command: "apply", given: apply(), on: "a delete", ground: deleting, is: "swap 5" },
    { command: "apply of the same", given: apply(3), on: "a delete", ground: deleting, is: "swap 5" },
    { command: "apply", given: apply(), on: "a delete with an apply after it", ground: reborn, is: "swap 5" },
    { command: "scale", given: scale(5), on: "nothing", ground: none, is: "refused not-found" },
    { command: "scale", given: scale(5), on: "a spec", is: "swap 5" },
    { command: "scale to the same", given: scale(3), on: "a spec", is: "nothing 4" },
    { command: "scale", given: scale(5), on: "a delete", ground: deleting, is: "refused deleting" },
    {
      command: "scale",
      given: scale(5),
      on: "a delete with an apply after it",
      ground: reborn,
      is: "refused deleting",
    },
    { command: "delete", given: remove(), on: "nothing", ground: none, is: "refused not-found" },
    { command: "delete", given: remove(), on: "a spec", is: "swap 5" },
    { command: "delete", given: remove(), on: "a delete", ground: deleting, is: "nothing 4" },
    { command: "delete", given: remove(), on: "a delete with an apply after it", ground: reborn, is: "swap 4" },
    { command: "restart", given: bare("restart"), on: "nothing", ground: none, is: "refused not-found" },
    { command: "restart", given: bare("restart"), on: "a spec", is: "swap 5" },
    { command: "restart", given: bare("restart"), on: "a delete", ground: deleting, is: "refused deleting" },
    { command: "rollback", given: rollback(), on: "nothing", ground: none, is: "refused not-found" },
    { command: "rollback", given: rollback(), on: "a spec", ground: underWay, is: "swap 5" },
    {
      command: "rollback",
      given: rollback(),
      on: "a delete",
      ground: { ...underWay, ...deleting },
      is: "refused deleting",
    },
    { command: "cancel", given: bare("cancel"), on: "nothing", ground: none, is: "refused not-found" },
    { command: "cancel", given: bare("cancel"), on: "a spec", ground: underWay, is: "swap 4" },
    {
      command: "cancel",
      given: bare("cancel"),
      on: "a delete",
      ground: { ...underWay, ...deleting },
      is: "refused deleting",
    },
    { command: "pause", given: hold("pause"), on: "nothing", ground: none, is: "refused not-found" },
    { command: "pause", given: hold("pause"), on: "a spec", is: "swap 4" },
    { command: "pause", given: hold("pause"), on: "a delete", ground: deleting, is: "swap 4" },
    { command: "pause", given: hold("pause"), on: "a delete with an apply after it", ground: reborn, is: "swap 5" },
    { command: "pause of the rollout", given: hold("pause", "rollout"), on: "a spec", is: "swap 4" },
    {
      command: "pause of the rollout",
      given: hold("pause", "rollout"),
      on: "a delete",
      ground: deleting,
      is: "refused deleting",
    },
    { command: "resume", given: hold("resume"), on: "nothing", ground: none, is: "refused not-found" },
    { command: "resume", given: hold("resume"), on: "a spec", is: "nothing 4" },
    { command: "resume", given: hold("resume"), on: "a delete", ground: deleting, is: "nothing 4" },
    {
      command: "resume",
      given: hold("resume"),
      on: "a delete with an apply after it",
      ground: reborn,
      is: "nothing 5",
    },
    {
      command: "resume of the rollout",
      given: hold("resume", "rollout"),
      on: "a delete",
      ground: deleting,
      is: "refused deleting",
    },
  ])("$command on $on: $is", ({ given, ground: on, is }) => {
    expect(outcomeOf(decideChange(given, aGround(on)))).toBe(is);
  });
});

describe("what is written", () => {
  test("of a service that is new", () => {
    const change = decideChange(apply(5), aGround({ ...none, lastGeneration: 6 }));
    expect(change).toEqual({
      kind: "create",
      generation: 7,
      spec: {
        manifest: aManifest({ replicas: 5 }),
        generation: 7,
        attempt: 7,
        acceptedAtMs: nowMs,
        lastCommand: "c9",
        wroteManifest: 1,
        wroteReplicas: 1,
        wrotePause: 1,
        deleting: false,
        paused: false,
        restarts: 0,
        kindShard: kindShardOf(key),
        kindRow: "shop/web#spec#7",
      },
    });
  });

  test("by an apply: all of it", () => {
    expect(decideChange(apply(5), aGround())).toEqual({
      kind: "swap",
      generation: 5,
      changes: {
        manifest: aManifest({ replicas: 5 }),
        generation: 5,
        acceptedAtMs: nowMs,
        lastCommand: "c9",
        wroteManifest: 8,
        wroteReplicas: 8,
        kindRow: "shop/web#spec#5",
      },
    });
  });

  test("by a scale: the replicas alone", () => {
    const labelled = { ...aManifest(), metadata: { ...aManifest().metadata, labels: { team: "checkout" } } };
    expect(decideChange(scale(5), aGround({ spec: aGroundSpec({ manifest: labelled }) }))).toEqual({
      kind: "swap",
      generation: 5,
      changes: {
        manifest: { ...labelled, spec: { ...labelled.spec, replicas: 5 } },
        generation: 5,
        acceptedAtMs: nowMs,
        lastCommand: "c9",
        wroteReplicas: 8,
        kindRow: "shop/web#spec#5",
      },
    });
  });

  test("by a delete: its mark, and no apply after it", () => {
    const changes = {
      deleting: true,
      next: undefined,
      acceptedAtMs: nowMs,
      lastCommand: "c9",
      wroteManifest: 8,
      wroteReplicas: 8,
    };
    expect(decideChange(remove(), aGround())).toEqual({
      kind: "swap",
      generation: 5,
      changes: { ...changes, generation: 5, kindRow: "shop/web#spec#5" },
    });
    expect(decideChange(remove(), aGround(reborn))).toEqual({
      kind: "swap",
      generation: 4,
      changes,
    });
  });

  test("by an apply during a delete: what comes after it, as a write of everything", () => {
    expect(decideChange(apply(5), aGround(deleting))).toEqual({
      kind: "swap",
      generation: 5,
      changes: {
        next: { manifest: aManifest({ replicas: 5 }), lastCommand: "c9", acceptedAtMs: nowMs },
        lastCommand: "c9",
        wroteManifest: 8,
        wroteReplicas: 8,
      },
    });
  });

  test("the order of keys is no change", () => {
    const { metadata, ...rest } = aManifest();
    const turned = { type: "apply" as const, key, confirm: false, manifest: { ...rest, metadata } };
    expect(outcomeOf(decideChange(turned, aGround()))).toBe("nothing 4");
  });

  test("a spec stands beside its state in the index, before it", () => {
    expect(rowOf(aManifest(), 3)).toBe("shop/web#spec#3");
    expect("shop/web#spec#3" < "shop/web#state#3").toBe(true);
  });
});

describe("ifGeneration", () => {
  test.for<{ readonly name: string; readonly given: Command; readonly ground?: Partial<Ground>; readonly is: string }>([
    { name: "the one that it is at", given: apply(5, { ifGeneration: 4 }), is: "swap 5" },
    { name: "an older one", given: apply(5, { ifGeneration: 3 }), is: "refused generation-mismatch" },
    { name: "a newer one", given: scale(5, { ifGeneration: 5 }), is: "refused generation-mismatch" },
    { name: "0: it must not exist, and does not", given: apply(5, { ifGeneration: 0 }), ground: none, is: "create 1" },
    { name: "0: it must not exist, and does", given: apply(5, { ifGeneration: 0 }), is: "refused generation-mismatch" },
    {
      name: "1: it must exist, and does not",
      given: apply(5, { ifGeneration: 1 }),
      ground: none,
      is: "refused generation-mismatch",
    },
    { name: "before what changes nothing", given: apply(3, { ifGeneration: 3 }), is: "refused generation-mismatch" },
    {
      name: "before who was first",
      given: apply(5, { ifGeneration: 3 }),
      ground: { base: 6 },
      is: "refused generation-mismatch",
    },
    {
      name: "of a delete that is over",
      given: remove({ ifGeneration: 4 }),
      ground: { spec: undefined, lastGeneration: 5 },
      is: "nothing 5",
    },
  ])("$name: $is", ({ given, ground: on, is }) => {
    expect(outcomeOf(decideChange(given, aGround(on)))).toBe(is);
  });

  test("says which it is", () => {
    expect(decideChange(apply(5, { ifGeneration: 3 }), aGround())).toEqual({
      kind: "refused",
      issues: [
        {
          code: "generation-mismatch",
          path: "ifGeneration",
          message: "ifGeneration is 3, but the service is at generation 4; look at what changed, then send it again",
        },
      ],
    });
  });
});

describe("each command, and the part of the spec that somebody wrote after it was received", () => {
  const since = (part: "wroteManifest" | "wroteReplicas" | "wrotePause") => {
    const wrote = { wroteManifest: 5, wroteReplicas: 5, wrotePause: 5, [part]: 6 };
    return aGround({ base: 5, spec: aGroundSpec({ rolloutPaused: true, ...wrote }), ...underWay });
  };

  test.for<{
    readonly given: Command;
    readonly manifest: string;
    readonly replicas: string;
    readonly pause: string;
  }>([
    { given: apply(), manifest: "superseded", replicas: "superseded", pause: "swap 5" },
    { given: scale(5), manifest: "swap 5", replicas: "superseded", pause: "swap 5" },
    { given: remove(), manifest: "superseded", replicas: "swap 5", pause: "swap 5" },
    { given: bare("restart"), manifest: "superseded", replicas: "swap 5", pause: "swap 5" },
    { given: rollback(), manifest: "superseded", replicas: "swap 5", pause: "swap 5" },
    { given: bare("cancel"), manifest: "superseded", replicas: "swap 4", pause: "swap 4" },
    { given: hold("pause"), manifest: "swap 4", replicas: "swap 4", pause: "superseded" },
    { given: hold("resume", "rollout"), manifest: "swap 4", replicas: "swap 4", pause: "superseded" },
  ])("$given.type: $manifest, $replicas, $pause", ({ given, manifest, replicas, pause }) => {
    const outcomeAfter = (part: Parameters<typeof since>[0]) => outcomeOf(decideChange(given, since(part)));
    expect(outcomeAfter("wroteManifest")).toContain(manifest);
    expect(outcomeAfter("wroteReplicas")).toContain(replicas);
    expect(outcomeAfter("wrotePause")).toContain(pause);
  });

  test("what writes a part says so: the next that was received before is superseded", () => {
    const spec = aGroundSpec({ rolloutPaused: true });
    const wrote = (given: Command) => changesOf(decideChange(given, aGround({ ...underWay, spec })));
    expect(wrote(apply(5))).toMatchObject({ wroteManifest: 8, wroteReplicas: 8 });
    expect(wrote(remove())).toMatchObject({ wroteManifest: 8, wroteReplicas: 8 });
    for (const given of [bare("restart"), rollback()]) {
      expect(wrote(given)).toMatchObject({ wroteManifest: 8 });
      expect(wrote(given)).not.toHaveProperty("wroteReplicas");
    }
    expect(wrote(scale(5))).toMatchObject({ wroteReplicas: 8 });
    expect(wrote(scale(5))).not.toHaveProperty("wroteManifest");
    for (const given of [hold("pause"), hold("resume", "rollout")])
      expect(wrote(given)).toMatchObject({ wrotePause: 8 });
  });

  test("a part that was never written is no obstacle", () => {
    const { wrotePause: _, ...spec } = aGroundSpec();
    for (const base of [7, 0]) expect(outcomeOf(decideChange(hold("pause"), aGround({ spec, base })))).toBe("swap 4");
  });
});

describe("somebody wrote since the command was received", () => {
  const manifestSince = { base: 5, spec: aGroundSpec({ wroteManifest: 6, wroteReplicas: 6 }) };
  const replicasSince = { base: 5, spec: aGroundSpec({ wroteManifest: 5, wroteReplicas: 6 }) };
  const before = { base: 6, spec: aGroundSpec({ wroteManifest: 6, wroteReplicas: 6 }) };
  const otherPart = { base: 5, spec: aGroundSpec({ wroteManifest: 5, wroteReplicas: 5 }) };

  test.for<{ readonly name: string; readonly given: Command; readonly ground: Partial<Ground>; readonly is: string }>([
    { name: "apply after a manifest", given: apply(), ground: manifestSince, is: "superseded superseded" },
    { name: "scale after a manifest", given: scale(5), ground: manifestSince, is: "superseded superseded" },
    { name: "delete after a manifest", given: remove(), ground: manifestSince, is: "superseded superseded" },
    { name: "apply after replicas", given: apply(), ground: replicasSince, is: "superseded superseded" },
    { name: "scale after replicas", given: scale(5), ground: replicasSince, is: "superseded superseded" },
    { name: "delete after replicas", given: remove(), ground: replicasSince, is: "swap 5" },
    { name: "apply of what was there when it came", given: apply(), ground: before, is: "swap 5" },
    { name: "scale of what was there when it came", given: scale(5), ground: before, is: "swap 5" },
    { name: "apply after another part, such as a pause", given: apply(), ground: otherPart, is: "swap 5" },
    { name: "apply after a first apply", given: apply(), ground: { base: 0 }, is: "superseded superseded" },
    {
      name: "apply after a delete that is over",
      given: apply(),
      ground: { spec: undefined, lastGeneration: 5 },
      is: "superseded superseded",
    },
    {
      name: "apply of during a delete that is over",
      given: apply(),
      ground: { spec: undefined, baseGeneration: 5, lastGeneration: 5 },
      is: "create 6",
    },
    {
      name: "scale after a delete that is over",
      given: scale(5),
      ground: { spec: undefined, lastGeneration: 5 },
      is: "superseded superseded",
    },
    {
      name: "delete after a delete that is over",
      given: remove(),
      ground: { spec: undefined, lastGeneration: 5 },
      is: "nothing 5",
    },
    {
      name: "delete received in the first version, and over",
      given: remove(),
      ground: { base: 1, spec: undefined, lastGeneration: 2 },
      is: "nothing 2",
    },
    { name: "scale in an earlier life", given: scale(5), ground: { base: 8 }, is: "superseded superseded" },
    { name: "apply in an earlier life", given: apply(), ground: { base: 8 }, is: "superseded superseded" },
  ])("$name: $is", ({ given, ground: on, is }) => {
    expect(outcomeOf(decideChange(given, aGround(on)))).toBe(is);
  });

  test.for([
    { on: manifestSince, message: "another command wrote the same part of the spec after this one was received" },
    { on: { spec: undefined, lastGeneration: 9 }, message: "the service was deleted after this command was received" },
    { on: { base: 8 }, message: "the service was deleted and made again after this command was received" },
  ])("says $message", ({ on, message }) => {
    expect(decideChange(apply(), aGround(on))).toEqual({
      kind: "superseded",
      issues: [{ code: "superseded", path: "", message }],
    });
  });
});

describe("a command that was received in an earlier life of the service", () => {
  /** Generation 4 of life `u1`, written at version 3 last: nothing in it is later than the command. */
  const since = aGroundSpec({ uid: "u1", wroteManifest: 3, wroteReplicas: 3 });
  const earlier = { spec: since, base: 5, baseUid: "u0" };
  const same = { spec: since, base: 5, baseUid: "u1" };
  const unknown = { spec: since, base: 5 };
  const unborn = { spec: since, base: 0, baseGeneration: 0 };

  test.for<{ readonly name: string; readonly given: Command; readonly ground: Partial<Ground>; readonly is: string }>([
    { name: "a delete has nothing to end", given: remove(), ground: earlier, is: "nothing 4" },
    { name: "a scale is superseded", given: scale(5), ground: earlier, is: "superseded superseded" },
    { name: "an apply is superseded", given: apply(), ground: earlier, is: "superseded superseded" },
    { name: "so is an apply of the same", given: apply(3), ground: earlier, is: "superseded superseded" },
    { name: "a delete of this life ends it", given: remove(), ground: same, is: "swap 5" },
    { name: "a scale of this life is carried out", given: scale(5), ground: same, is: "swap 5" },
    { name: "an apply of this life is carried out", given: apply(), ground: same, is: "swap 5" },
    { name: "a delete of a life not noted ends this one", given: remove(), ground: unknown, is: "swap 5" },
    { name: "a scale of a life not noted is carried out", given: scale(5), ground: unknown, is: "swap 5" },
    {
      name: "a delete that an earlier generation was meant by has nothing to end",
      given: remove({ ifGeneration: 3 }),
      ground: earlier,
      is: "nothing 4",
    },
    {
      name: "a delete before the first life is superseded",
      given: remove(),
      ground: unborn,
      is: "superseded superseded",
    },
    {
      name: "a scale before the first life is superseded",
      given: scale(5),
      ground: unborn,
      is: "superseded superseded",
    },
    {
      name: "an apply before the first life is superseded",
      given: apply(),
      ground: unborn,
      is: "superseded superseded",
    },
  ])("$name: $is", ({ given, ground: on, is }) => {
    expect(outcomeOf(decideChange(given, aGround(on)))).toBe(is);
  });

  test("says so", () => {
    expect(decideChange(apply(), aGround(earlier))).toEqual({
      kind: "superseded",
      issues: [
        {
          code: "superseded",
          path: "",
          message: "the service was deleted and made again after this command was received",
        },
      ],
    });
  });
});

describe("a new attempt", () => {
  const labelled = (replicas = 3) => ({
    ...aManifest({ replicas }),
    metadata: { ...aManifest().metadata, labels: { team: "checkout" } },
  });
  const applyOf = (manifest: ServiceManifest): Command => ({ type: "apply", key, confirm: false, manifest });
  const given = { isRollback: true, cancelled: 4, rolloutPaused: true };
  const spec = aGroundSpec(given);

  test("is made by an apply of more than replicas: what was cancelled is tried again, and a pause stays", () => {
    expect(changesOf(decideChange(applyOf(labelled(5)), aGround({ spec })))).toStrictEqual({
      manifest: labelled(5),
      generation: 5,
      attempt: 5,
      isRollback: undefined,
      cancelled: undefined,
      acceptedAtMs: nowMs,
      lastCommand: "c9",
      wroteManifest: 8,
      wroteReplicas: 8,
      kindRow: "shop/web#spec#5",
    });
  });

  test.for([
    { name: "an apply of other replicas", command: apply(5) },
    { name: "a scale", command: scale(5) },
  ])("is not made by $name: what was cancelled stays so", ({ command }) => {
    const changes = changesOf(decideChange(command, aGround({ spec })));
    expect(changes).toMatchObject({ generation: 5, cancelled: 5 });
    expect(changes).not.toHaveProperty("attempt");
    expect(changes).not.toHaveProperty("isRollback");
  });

  test("a cancel of an earlier generation is not carried along", () => {
    const earlier = aGroundSpec({ cancelled: 3 });
    expect(changesOf(decideChange(scale(5), aGround({ spec: earlier })))).not.toHaveProperty("cancelled");
    expect(changesOf(decideChange(apply(5), aGround({ spec: earlier })))).not.toHaveProperty("cancelled");
  });
});

describe("a service with autoscaling", () => {
  const spec = aGroundSpec({ manifest: aManifest({ replicas: 8, autoscaling: { min: 2, max: 20 } }) });

  test("is not scaled by hand", () => {
    for (const replicas of [8, 9])
      expect(decideChange(scale(replicas), aGround({ spec }))).toEqual({
        kind: "refused",
        issues: [
          {
            code: "autoscaled",
            path: "replicas",
            message:
              "autoscaling keeps service shop/web between 2 and 20 tasks; change spec.autoscaling.min or spec.autoscaling.max instead",
          },
        ],
      });
  });

  test("may have fewer replicas applied, which are those of a first start only", () => {
    const manifest = aManifest({ replicas: 0, autoscaling: { min: 2, max: 20 } });
    const command: Command = { type: "apply", key, confirm: false, manifest };
    expect(outcomeOf(decideChange(command, aGround({ spec })))).toBe("swap 5");
    expect(outcomeOf(decideChange(apply(0), aGround({ spec })))).toBe("refused needs-confirmation");
  });
});

describe("a large reduction has to be meant", () => {
  const of = (replicas: number) => ({ spec: aGroundSpec({ manifest: aManifest({ replicas }) }) });

  test.for([
    { from: 3, to: 0, is: "swap 5" },
    { from: 4, to: 2, is: "swap 5" },
    { from: 4, to: 1, is: "refused needs-confirmation" },
    { from: 5, to: 3, is: "swap 5" },
    { from: 5, to: 2, is: "refused needs-confirmation" },
    { from: 100, to: 0, is: "refused needs-confirmation" },
    { from: 4, to: 400, is: "swap 5" },
  ])("from $from to $to: $is", ({ from, to, is }) => {
    for (const command of [apply, scale]) {
      expect(outcomeOf(decideChange(command(to), aGround(of(from))))).toBe(is);
      expect(outcomeOf(decideChange(command(to, { confirm: true }), aGround(of(from))))).toBe("swap 5");
    }
  });

  test("also where metrics decided until now on more than the spec says", () => {
    const spec = aGroundSpec({ manifest: aManifest({ replicas: 1, autoscaling: { min: 1, max: 9 } }) });
    const history = aHistory({ scale: { replicas: 8, recommended: [], moves: [] } });
    expect(outcomeOf(decideChange(apply(1), aGround({ spec, history })))).toBe("refused needs-confirmation");
    expect(outcomeOf(decideChange(apply(4), aGround({ spec, history })))).toBe("swap 5");
  });

  test("a delete is always meant, and so is an apply after one", () => {
    expect(outcomeOf(decideChange(remove(), aGround(of(100))))).toBe("swap 5");
    expect(outcomeOf(decideChange(apply(0), aGround({ spec: { ...of(100).spec, deleting: true } })))).toBe("swap 5");
  });

  test("says how large", () => {
    expect(decideChange(scale(1), aGround(of(4)))).toEqual({
      kind: "refused",
      issues: [
        {
          code: "needs-confirmation",
          path: "replicas",
          message:
            "this removes 3 of 4 tasks, more than half; if that is meant, send it with confirm: true (longshore: --yes)",
        },
      ],
    });
  });
});

describe("refusals explain themselves", () => {
  test.for<{
    readonly given: Command;
    readonly ground: Partial<Ground>;
    readonly issue: { readonly code: string; readonly path: string; readonly message: string };
  }>([
    {
      given: scale(1),
      ground: none,
      issue: { code: "not-found", path: "metadata.name", message: "there is no service shop/web; apply it first" },
    },
    {
      given: scale(1),
      ground: deleting,
      issue: {
        code: "deleting",
        path: "metadata.name",
        message: "service shop/web is being deleted; apply it again to have it back",
      },
    },
    {
      given: apply(),
      ground: { ...none, services: { used: 10, most: 10 } },
      issue: { code: "quota", path: "metadata.namespace", message: "namespace shop has 10 services, and may have 10" },
    },
  ])("$issue.code", ({ given, ground: on, issue }) => {
    expect(decideChange(given, aGround(on))).toEqual({ kind: "refused", issues: [issue] });
  });

  test("the last service that a namespace may have is made, and those it has may change", () => {
    expect(outcomeOf(decideChange(apply(), aGround({ ...none, services: { used: 9, most: 10 } })))).toBe("create 1");
    expect(outcomeOf(decideChange(apply(), aGround({ services: { used: 10, most: 10 } })))).toBe("swap 5");
  });
});
