import { describe, expect, test } from "vitest";
import { aQueue, aScale, type Course, lookAt, replicasOf } from "../../support/autoscaling.ts";

/** What the looks decide, one after the other, of a service that is given as it is. */
interface Row {
  readonly name: string;
  readonly given?: Course;
  readonly looks: string;
  readonly replicas: string;
}

const two = [aQueue("jobs"), aQueue("mails")];
const window = (windowSeconds: number, percentPerMinute?: number) => ({
  windowSeconds,
  ...(percentPerMinute === undefined ? {} : { percentPerMinute }),
});

/** The peers' rules that apply to a total of work: what is said of samples of single instances does not. */
const rules: Readonly<Record<string, readonly Row[]>> = {
  "the first start": [
    { name: "has the replicas that were given", looks: "0:-", replicas: "10" },
    { name: "has no more than max", given: { first: 30 }, looks: "0:-", replicas: "20" },
    { name: "has no fewer than min", given: { first: 0 }, looks: "0:-", replicas: "1" },
    { name: "may have none", given: { first: 0, min: 0 }, looks: "0:-", replicas: "0" },
    {
      name: "counts as recommended until then",
      given: { scaleIn: window(60) },
      looks: "0:5 59:5 60:5",
      replicas: "10 10 1",
    },
    { name: "means nothing later", looks: "0:50 30:-", replicas: "10 10" },
  ],
  "Kubernetes: desired": [
    { name: "the backlog by what a task is for", looks: "0:70", replicas: "14" },
    { name: "rounded up", looks: "0:71", replicas: "15" },
    { name: "down as well", looks: "0:21", replicas: "5" },
  ],
  "Kubernetes: tolerance": [
    { name: "the upper end keeps", looks: "0:55", replicas: "10" },
    { name: "above it does not", looks: "0:56", replicas: "12" },
    { name: "the lower end keeps", looks: "0:45", replicas: "10" },
    { name: "below it does not", looks: "0:44", replicas: "9" },
    { name: "none", given: { tolerance: 0 }, looks: "0:51 30:50 60:45", replicas: "11 10 9" },
    { name: "of what there is, not of what was wanted", looks: "0:75 30:70 60:67", replicas: "15 15 14" },
    {
      name: "never keeps none while there is work",
      given: { first: 0, min: 0, tolerance: 1 },
      looks: "0:5",
      replicas: "1",
    },
  ],
  "Kubernetes: several metrics": [
    { name: "the largest wins", given: { metrics: two }, looks: "0:20/75 30:90/20", replicas: "15 18" },
    { name: "one within its tolerance keeps all", given: { metrics: two }, looks: "0:5/48", replicas: "10" },
    {
      name: "each has its own target",
      given: { metrics: [aQueue("jobs"), aQueue("mails", 1)] },
      looks: "0:60/13",
      replicas: "13",
    },
    { name: "one missing: not in", given: { metrics: two }, looks: "0:5/- 30:-/5 60:5/5", replicas: "10 10 1" },
    { name: "one missing: out by the other", given: { metrics: two }, looks: "0:75/-", replicas: "15" },
    { name: "all missing: no change", given: { metrics: two }, looks: "0:75/75 30:-/-", replicas: "15 15" },
    { name: "one without a reading is missing", given: { metrics: two }, looks: "0:5", replicas: "10" },
    {
      name: "what one recommended while the other was missing is remembered",
      given: { metrics: two, scaleIn: window(60) },
      looks: "0:75/- 30:5/5 89:5/5 90:5/5",
      replicas: "15 15 15 1",
    },
    {
      name: "what would be fewer is not remembered while one is missing",
      given: { metrics: two, scaleIn: window(60) },
      looks: "0:50/5 30:5/- 120:5/5 179:5/5 180:5/5",
      replicas: "10 10 10 10 1",
    },
    {
      name: "what the other wants meanwhile is remembered where it is more",
      given: { metrics: two, scaleIn: window(60) },
      looks: "0:5/5 30:40/- 59:5/5 60:5/5 118:5/5 119:5/5",
      replicas: "10 10 10 8 8 1",
    },
    {
      name: "also where it is as many as there are",
      given: { metrics: two, scaleIn: window(60) },
      looks: "0:5/5 30:50/- 59:5/5 60:5/5 118:5/5 119:5/5",
      replicas: "10 10 10 10 10 1",
    },
  ],
  "Kubernetes: rate of scaling out": [
    { name: "a share of what there is, rounded up", given: { scaleOut: window(0, 11) }, looks: "0:99", replicas: "12" },
    { name: "no more where it is whole", given: { scaleOut: window(0, 10) }, looks: "0:99", replicas: "11" },
    { name: "at least one", given: { first: 1, scaleOut: window(0, 1) }, looks: "0:99", replicas: "2" },
    {
      name: "at least one from none",
      given: { first: 0, min: 0, scaleOut: window(0, 50) },
      looks: "0:99",
      replicas: "1",
    },
    { name: "is of a minute ago", given: { scaleOut: window(0, 10) }, looks: "0:99 59:99 60:99", replicas: "11 11 13" },
    { name: "absent: any", looks: "0:99", replicas: "20" },
    { name: "no farther than what is wanted", given: { scaleOut: window(0, 50) }, looks: "0:60", replicas: "12" },
    {
      name: "counts from before what went in that minute",
      given: { scaleOut: window(0, 10) },
      looks: "0:25 30:99",
      replicas: "5 11",
    },
  ],
  "Kubernetes: rate of scaling in": [
    {
      name: "a share of what there is, the rest rounded down",
      given: { scaleIn: window(0, 11) },
      looks: "0:5",
      replicas: "8",
    },
    { name: "no more where it is whole", given: { scaleIn: window(0, 10) }, looks: "0:5", replicas: "9" },
    { name: "at least one", given: { first: 3, scaleIn: window(0, 1) }, looks: "0:5", replicas: "2" },
    { name: "is of a minute ago", given: { scaleIn: window(0, 10) }, looks: "0:5 59:5 60:5", replicas: "9 9 8" },
    { name: "no farther than what is wanted", given: { scaleIn: window(0, 50) }, looks: "0:40", replicas: "8" },
    { name: "all of it", given: { scaleIn: window(0, 100) }, looks: "0:5", replicas: "1" },
    {
      name: "counts from before what came in that minute",
      given: { scaleIn: window(0, 10) },
      looks: "0:95 30:5",
      replicas: "19 9",
    },
    {
      name: "what went faster before is not taken back",
      given: { scaleIn: window(0, 10), previous: aScale(5, { moves: [{ atMs: 0, by: -10 }] }) },
      looks: "30:5 60:5",
      replicas: "5 4",
    },
  ],
  "Kubernetes: stabilisation": [
    { name: "in: an hour", given: { scaleIn: window(3600) }, looks: "0:5 3599:5 3600:5", replicas: "10 10 1" },
    {
      name: "in: the most of the window",
      given: { scaleIn: window(60) },
      looks: "0:50 30:30 60:20 90:20",
      replicas: "10 10 10 6",
    },
    {
      name: "in: all of it, and no longer",
      given: { scaleIn: window(60) },
      looks: "0:50 30:30 89:30 90:30",
      replicas: "10 10 10 6",
    },
    { name: "in: the latest counts", given: { scaleIn: window(60) }, looks: "0:50 30:20 90:40", replicas: "10 10 8" },
    { name: "in: out is not held", given: { scaleIn: window(60) }, looks: "0:50 30:80", replicas: "10 16" },
    {
      name: "out: the least of the window",
      given: { scaleOut: window(60) },
      looks: "0:50 30:75 60:90 90:90",
      replicas: "10 10 10 15",
    },
    {
      name: "out: all of it, and no longer",
      given: { scaleOut: window(60) },
      looks: "0:50 30:75 89:75 90:75",
      replicas: "10 10 10 15",
    },
    {
      name: "out: the latest counts",
      given: { scaleOut: window(60) },
      looks: "0:50 30:90 90:60",
      replicas: "10 10 12",
    },
    { name: "out: in is not held", given: { scaleOut: window(60) }, looks: "0:50 30:20", replicas: "10 4" },
    {
      name: "both: between them nothing moves",
      given: { scaleIn: window(60), scaleOut: window(60) },
      looks: "0:80 10:20 20:80 30:20",
      replicas: "10 10 10 10",
    },
    {
      name: "then the pace",
      given: { scaleIn: window(60, 10) },
      looks: "0:5 30:5 60:5 90:5 120:5",
      replicas: "10 10 9 9 8",
    },
    {
      name: "a longer window out does not lengthen the one in",
      given: { scaleIn: window(30), scaleOut: window(300) },
      looks: "0:5 30:5 60:90 90:90",
      replicas: "10 1 1 1",
    },
  ],
  "Kubernetes: overflow": [
    { name: "is held at max", looks: `0:${Number.MAX_VALUE}`, replicas: "20" },
    { name: "no count is missing", looks: "0:NaN 30:-1 60:Infinity 90:-Infinity", replicas: "10 10 10 10" },
    { name: "nothing is a count", looks: "0:0", replicas: "1" },
  ],
  bounds: [
    { name: "no more than max", looks: "0:500", replicas: "20" },
    { name: "no fewer than min", given: { min: 4 }, looks: "0:5", replicas: "4" },
    {
      name: "a min that was raised applies at once",
      given: { min: 8, previous: aScale(5), scaleOut: window(300, 1) },
      looks: "0:-",
      replicas: "8",
    },
    {
      name: "a max that was lowered applies at once",
      given: { max: 8, previous: aScale(20), scaleIn: window(300, 1) },
      looks: "0:-",
      replicas: "8",
    },
    {
      name: "a min that was raised holds against pace and window",
      given: { min: 8, previous: aScale(5), scaleOut: window(300, 1) },
      looks: "0:50",
      replicas: "8",
    },
    {
      name: "a min that was raised passes what was recommended before",
      given: { min: 8, previous: aScale(5, { recommended: [{ sinceMs: 0, low: 5, high: 5 }] }), scaleOut: window(300) },
      looks: "60:99",
      replicas: "8",
    },
    {
      name: "a max that was lowered passes what was recommended before",
      given: {
        max: 8,
        previous: aScale(9, { recommended: [{ sinceMs: 0, low: 15, high: 15 }] }),
        scaleIn: window(300),
      },
      looks: "60:5",
      replicas: "8",
    },
    {
      name: "what bounds changed counts for the pace",
      given: { min: 8, previous: aScale(5), scaleOut: window(0, 10) },
      looks: "0:99 30:99 60:99",
      replicas: "8 8 9",
    },
  ],
  "KEDA: active strictly above the activation": [
    { name: "at it", given: { first: 0, min: 0, activation: 10 }, looks: "0:10", replicas: "0" },
    { name: "above it", given: { first: 0, min: 0, activation: 10 }, looks: "0:11", replicas: "3" },
    { name: "none at all", given: { first: 0, min: 0 }, looks: "0:0", replicas: "0" },
    { name: "not active wants min", given: { min: 2, activation: 40 }, looks: "0:40 30:41", replicas: "2 9" },
    { name: "not active, however wide the tolerance", given: { tolerance: 1 }, looks: "0:0", replicas: "1" },
    { name: "not active is not the larger", given: { metrics: two, activation: 40 }, looks: "0:15/41", replicas: "9" },
  ],
  "KEDA: from zero": [
    { name: "to what is wanted", given: { first: 0, min: 0 }, looks: "0:36", replicas: "8" },
    {
      name: "by the pace",
      given: { first: 0, min: 0, scaleOut: window(0, 100) },
      looks: "0:36 59:36 60:36 120:36",
      replicas: "1 1 2 4",
    },
    {
      name: "to one whatever the window",
      given: { first: 0, min: 0, scaleOut: window(60) },
      looks: "0:36 59:36 60:36",
      replicas: "1 1 8",
    },
    { name: "by one of several", given: { first: 0, min: 0, metrics: two }, looks: "0:0/5", replicas: "1" },
    { name: "also while another is missing", given: { first: 0, min: 0, metrics: two }, looks: "0:-/5", replicas: "1" },
    { name: "not by one that is missing", given: { first: 0, min: 0, metrics: two }, looks: "0:-/0", replicas: "0" },
    {
      name: "as many as went within the minute come back at once",
      given: { min: 0, cooldownSeconds: 0, scaleOut: window(0, 10) },
      looks: "0:0 30:99",
      replicas: "0 11",
    },
  ],
  "KEDA: to zero": [
    { name: "after the cooldown", given: { min: 0, first: 1 }, looks: "0:0 299:0 300:0", replicas: "1 1 0" },
    { name: "at once without one", given: { min: 0, cooldownSeconds: 0 }, looks: "0:0", replicas: "0" },
    {
      name: "whatever pace and window",
      given: { min: 0, cooldownSeconds: 60, scaleIn: window(3600, 1) },
      looks: "0:0 60:0",
      replicas: "10 0",
    },
    {
      name: "until then by the ordinary rules",
      given: { min: 0, scaleIn: window(0, 50) },
      looks: "0:0 60:0 120:0 180:0 240:0",
      replicas: "5 2 1 1 1",
    },
    {
      name: "work ends the cooldown",
      given: { min: 0, first: 1 },
      looks: "0:0 200:1 210:0 300:0 509:0 510:0",
      replicas: "1 1 1 1 1 0",
    },
    {
      name: "work of one of several is work",
      given: { min: 0, first: 1, metrics: two },
      looks: "0:0/1 600:0/1",
      replicas: "1 1",
    },
    {
      name: "at the activation there is none",
      given: { min: 0, first: 1, activation: 5 },
      looks: "0:5 300:5",
      replicas: "1 0",
    },
    { name: "not with a min", given: { min: 2, first: 2 }, looks: "0:0 600:0", replicas: "2 2" },
    { name: "stays there", given: { min: 0, first: 1 }, looks: "0:0 300:0 900:0", replicas: "1 0 0" },
    {
      name: "a single message keeps one",
      given: { min: 0, first: 1, metrics: [aQueue("jobs", 1000)] },
      looks: "0:1 600:1",
      replicas: "1 1",
    },
  ],
  "KEDA: no zero on an error": [
    {
      name: "a missing metric starts no cooldown",
      given: { min: 0, first: 1, metrics: two },
      looks: "0:0/- 300:0/0 599:0/0 600:0/0",
      replicas: "1 1 1 0",
    },
    {
      name: "and does not end one in zero",
      given: { min: 0, first: 1, metrics: two },
      looks: "0:0/0 300:0/- 330:-/- 360:0/0",
      replicas: "1 1 1 0",
    },
    {
      name: "work ends the cooldown while another is missing",
      given: { min: 0, first: 1, metrics: two },
      looks: "0:0/0 200:5/- 300:0/0 600:0/0",
      replicas: "1 1 1 0",
    },
  ],
  "target tracking": [
    { name: "out as fast as it can", looks: "0:50 30:100", replicas: "10 20" },
    {
      name: "a larger scale-out is not held back by a cooldown",
      given: { min: 0, first: 1 },
      looks: "0:0 30:100",
      replicas: "1 20",
    },
    { name: "in only if all agree", given: { metrics: two }, looks: "0:50/5 30:5/5", replicas: "10 1" },
    { name: "no data: no change", looks: "0:75 30:- 3600:-", replicas: "15 15 15" },
  ],
  "a record made by hand": [
    {
      name: "too many, of which max is near to what is wanted",
      given: { previous: aScale(99) },
      looks: "0:95",
      replicas: "20",
    },
    {
      name: "recommendations out of order",
      given: {
        previous: aScale(10, {
          recommended: [
            { sinceMs: 50_000, low: 1, high: 1 },
            { sinceMs: 0, low: 10, high: 10 },
          ],
        }),
        scaleIn: window(60),
      },
      looks: "60:5 109:5 110:5",
      replicas: "10 10 1",
    },
    { name: "too many", given: { previous: aScale(99) }, looks: "0:100", replicas: "20" },
    {
      name: "fewer than none",
      given: { previous: aScale(-5), scaleOut: window(0, 10) },
      looks: "0:100",
      replicas: "1",
    },
    {
      name: "moves that do not fit do not hold for longer than a minute",
      given: { previous: aScale(5, { moves: [{ atMs: 0, by: 50 }] }), scaleOut: window(0, 100) },
      looks: "0:99 60:99",
      replicas: "5 10",
    },
    {
      name: "moves ahead of the clock count for a minute",
      given: { previous: aScale(10, { moves: [{ atMs: 9_000_000, by: 5 }] }), scaleOut: window(0, 20) },
      looks: "0:99 59:99 60:99",
      replicas: "10 10 12",
    },
    {
      name: "recommendations ahead of the clock count for their window",
      given: {
        previous: aScale(10, {
          recommended: [
            { sinceMs: 8_000_000, low: 10, high: 10 },
            { sinceMs: 9_000_000, low: 1, high: 1 },
          ],
        }),
        scaleIn: window(60),
      },
      looks: "0:5 59:5 60:5",
      replicas: "10 10 1",
    },
    {
      name: "idle ahead of the clock is idle from now",
      given: { min: 0, previous: aScale(1, { idleSinceMs: 9_000_000 }) },
      looks: "0:0 299:0 300:0",
      replicas: "1 1 0",
    },
    {
      name: "an idle time of before min was raised does not count",
      given: { previous: aScale(1, { idleSinceMs: 0 }) },
      looks: "600:0",
      replicas: "1",
    },
  ],
};

describe.for(Object.entries(rules))("%s", ([, rows]) => {
  test.for(rows)("$name: $replicas", ({ given, looks, replicas }) => {
    expect(replicasOf(lookAt(looks, given))).toBe(replicas);
  });
});

describe("what is remembered", () => {
  test.for([
    { name: "nothing, where the first start is what is wanted", looks: "0:50", scale: aScale(10) },
    { name: "nothing, where nothing could be read", looks: "0:-", scale: aScale(10) },
    {
      name: "when a service without a min fell idle",
      given: { min: 0, first: 0 },
      looks: "7:0",
      scale: aScale(0, { idleSinceMs: 7000 }),
    },
    {
      name: "not when one with a min does",
      given: { min: 10, previous: aScale(10, { idleSinceMs: 5000 }) },
      looks: "7:0",
      scale: aScale(10),
    },
    {
      name: "what stood before, and what is recommended now",
      given: { scaleIn: window(60) },
      looks: "7:5",
      scale: aScale(10, {
        recommended: [
          { sinceMs: 7000, low: 10, high: 10 },
          { sinceMs: 7000, low: 1, high: 1 },
        ],
      }),
    },
    {
      name: "what is recommended for where the pace leads",
      given: { scaleIn: window(60), scaleOut: window(0, 10) },
      looks: "7:57",
      scale: aScale(11, {
        recommended: [
          { sinceMs: 7000, low: 10, high: 10 },
          { sinceMs: 7000, low: 11, high: 11 },
        ],
        moves: [{ atMs: 7000, by: 1 }],
      }),
    },
    {
      name: "nothing that no window reaches",
      looks: "7:75",
      scale: aScale(15, { recommended: [{ sinceMs: 7000, low: 15, high: 15 }], moves: [{ atMs: 7000, by: 5 }] }),
    },
    {
      name: "not what is as many as there are, while another is missing that may want what stood",
      given: { metrics: two, previous: aScale(10, { recommended: [{ sinceMs: 0, low: 20, high: 20 }] }) },
      looks: "7:50/-",
      scale: aScale(10, { recommended: [{ sinceMs: 0, low: 20, high: 20 }] }),
    },
    {
      name: "a max that was lowered as a move",
      given: { max: 8, previous: aScale(10) },
      looks: "7:-",
      scale: aScale(8, { moves: [{ atMs: 7000, by: -2 }] }),
    },
  ])("$name", ({ given, looks, scale }: { given?: Course; looks: string; scale: unknown }) => {
    expect(lookAt(looks, given).at(-1)?.scale).toEqual(scale);
  });

  test.for([
    { name: "within the tolerance", looks: "0:50 30:52 60:47 7200:50" },
    { name: "above max", looks: "0:500 30:200 60:900 7200:111" },
    { name: "below min", given: { min: 10 }, looks: "0:9 30:5 60:0 7200:44" },
    { name: "below the activation", given: { min: 0, first: 0, activation: 10 }, looks: "0:9 30:5 60:0 7200:10" },
    { name: "in two queues in turn", given: { metrics: two }, looks: "0:50/45 30:41/50 60:50/- 7200:-/-" },
    { name: "after a change", given: { scaleIn: window(60), first: 10 }, looks: "0:75 30:75 60:74 7200:75" },
    { name: "not at all", looks: "0:- 30:- 7200:-" },
  ])("a backlog that wobbles $name writes nothing", ({ given, looks }: { given?: Course; looks: string }) => {
    const scales = lookAt(looks, given).map(({ scale }) => scale);
    for (const scale of scales) expect(scale).toBe(scales[0]);
  });
});

describe("the next look", () => {
  test.for<{ name: string; given?: Course; looks: string; seconds: number | undefined }>([
    { name: "none at rest", looks: "0:50", seconds: undefined },
    {
      name: "none at rest after a change",
      given: { scaleIn: window(300, 10), scaleOut: window(60, 10) },
      looks: "0:55",
      seconds: undefined,
    },
    { name: "none while nothing can be read", given: { scaleIn: window(20) }, looks: "0:5 10:-", seconds: undefined },
    { name: "none at zero", given: { min: 0, first: 0 }, looks: "0:0", seconds: undefined },
    { name: "the end of the cooldown", given: { min: 0, first: 1, cooldownSeconds: 20 }, looks: "5:0", seconds: 25 },
    { name: "not after a poll", given: { min: 0, first: 1, cooldownSeconds: 31 }, looks: "5:0", seconds: 35 },
    {
      name: "none while one is missing, in a cooldown",
      given: { min: 0, first: 1, cooldownSeconds: 20, metrics: two },
      looks: "0:0/0 10:0/-",
      seconds: undefined,
    },
    {
      name: "the end of the window in",
      given: { scaleIn: window(20), scaleOut: window(10) },
      looks: "5:5",
      seconds: 25,
    },
    {
      name: "the end of the window out",
      given: { scaleIn: window(10), scaleOut: window(20) },
      looks: "5:99",
      seconds: 25,
    },
    { name: "the first of several that ends", given: { scaleIn: window(20) }, looks: "0:40 5:30 8:5", seconds: 20 },
    { name: "a minute after a move", given: { scaleOut: window(0, 10), pollSeconds: 300 }, looks: "5:99", seconds: 65 },
    {
      name: "a minute after the first of several",
      given: { scaleOut: window(0, 10), pollSeconds: 300, max: 99 },
      looks: "0:51 5:400 40:400",
      seconds: 65,
    },
    {
      name: "a minute after a move, before a window is over that holds nothing",
      given: { scaleOut: window(0, 10), scaleIn: window(300), pollSeconds: 300 },
      looks: "5:99",
      seconds: 65,
    },
    {
      name: "not what is over",
      given: {
        scaleOut: window(0, 10),
        pollSeconds: 300,
        previous: aScale(5, {
          moves: [
            { atMs: -2000, by: 1 },
            { atMs: 0, by: -5 },
            { atMs: 55_000, by: 1 },
          ],
        }),
      },
      looks: "61:99",
      seconds: 115,
    },
  ])("$name", ({ given, looks, seconds }) => {
    const at = lookAt(looks, given).at(-1)?.nextLookMs;
    expect(at === undefined ? undefined : at / 1000).toBe(seconds);
  });
});
