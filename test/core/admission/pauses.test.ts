import { describe, expect, test } from "vitest";
import { decideChange } from "../../../core/admission/change.ts";
import type { SpecRecord } from "../../../core/model/records.ts";
import { aFailure, aGround, aGroundSpec, aHistory, aimed, changesOf, outcomeOf } from "../../support/ground.ts";
import { nowMs } from "../../support/service.ts";

const pause = { type: "pause", ...aimed } as const;
const pauseRollout = { ...pause, only: "rollout" } as const;
const resume = { type: "resume", ...aimed } as const;
const resumeRollout = { ...resume, only: "rollout" } as const;

const on = (given: Partial<SpecRecord>) => aGround({ spec: aGroundSpec(given) });
const failed = (outcome: "paused" | "rolled back", given: Partial<SpecRecord> = {}) =>
  aGround({ spec: aGroundSpec(given), history: aHistory(aFailure(outcome)) });
const wrote = { lastCommand: "c9", wrotePause: 8 };

describe("pause", () => {
  test("stops everything, and makes no generation", () => {
    expect(changesOf(decideChange(pause, aGround()))).toStrictEqual({ paused: true, ...wrote });
    expect(outcomeOf(decideChange(pause, aGround()))).toBe("swap 4");
  });

  test("of the rollout holds that alone", () => {
    expect(changesOf(decideChange(pauseRollout, aGround()))).toStrictEqual({ rolloutPaused: true, ...wrote });
  });

  test("of what is paused changes nothing, but the two kinds are apart", () => {
    expect(outcomeOf(decideChange(pause, on({ paused: true })))).toBe("nothing 4");
    expect(outcomeOf(decideChange(pauseRollout, on({ rolloutPaused: true })))).toBe("nothing 4");
    expect(outcomeOf(decideChange(pause, on({ rolloutPaused: true })))).toBe("swap 4");
    expect(outcomeOf(decideChange(pauseRollout, on({ paused: true })))).toBe("swap 4");
  });
});

describe("resume", () => {
  test("ends a pause, and says when", () => {
    const changes = changesOf(decideChange(resume, on({ paused: true, rolloutPaused: true })));
    expect(changes).toStrictEqual({ paused: false, resumedAtMs: nowMs, ...wrote });
  });

  test("of the rollout ends that alone", () => {
    const changes = changesOf(decideChange(resumeRollout, on({ paused: true, rolloutPaused: true })));
    expect(changes).toStrictEqual({ rolloutPaused: undefined, resumedAtMs: nowMs, ...wrote });
  });

  test("of what is not paused changes nothing, but the two kinds are apart", () => {
    expect(outcomeOf(decideChange(resume, aGround()))).toBe("nothing 4");
    expect(outcomeOf(decideChange(resumeRollout, aGround()))).toBe("nothing 4");
    expect(outcomeOf(decideChange(resume, on({ rolloutPaused: true })))).toBe("nothing 4");
    expect(outcomeOf(decideChange(resumeRollout, on({ paused: true })))).toBe("nothing 4");
  });

  test.for([resume, resumeRollout])("has a rollout tried again that failed and is paused (%#)", (command) => {
    const changes = changesOf(decideChange(command, failed("paused", { cancelled: 4 })));
    expect(changes).toMatchObject({ resumedAtMs: nowMs, cancelled: undefined });
    expect(changes).toHaveProperty("cancelled");
  });

  test("is never earlier than the failure, whatever the clocks say", () => {
    const ground = { ...failed("paused"), nowMs: 400 };
    expect(changesOf(decideChange(resume, ground))).toMatchObject({ resumedAtMs: 500 });
  });

  test.for<{ readonly name: string; readonly outcome: "paused" | "rolled back"; readonly given: Partial<SpecRecord> }>([
    { name: "was rolled back", outcome: "rolled back", given: {} },
    { name: "was of an earlier attempt", outcome: "paused", given: { attempt: 4 } },
    { name: "was resumed already", outcome: "paused", given: { resumedAtMs: 500 } },
  ])("tries nothing again that $name", ({ outcome, given }) => {
    expect(outcomeOf(decideChange(resume, failed(outcome, given)))).toBe("nothing 4");
  });

  test("of a pause alone leaves a rollout cancelled", () => {
    const changes = changesOf(decideChange(resume, failed("rolled back", { paused: true, cancelled: 4 })));
    expect(changes).not.toHaveProperty("cancelled");
  });
});
