import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideStarts, type ServiceStarts } from "../../../core/dispatch/starts.ts";
import type { NodeId, TaskId } from "../../../core/model/ids.ts";
import type { CallRecord, PlannedSet, StateRecord } from "../../../core/model/records.ts";
import type { Settings } from "../../../core/model/settings.ts";
import { slotsOf } from "../../../core/model/slots.ts";
import { aCluster, type Clustered } from "../../support/cluster-view.ts";
import { aStop } from "../../support/drawn-plan.ts";
import { aPlacement, hard, soft } from "../../support/placement.ts";
import { aContent, aSettings, nowMs } from "../../support/service.ts";
import { aView, type Viewed } from "../../support/service-view.ts";

const minute = 60_000;
const minute1 = nowMs - minute;
/** Calls of the set that went well, so that its ramp lets ten tasks and more start. */
const ramped = "answered v1/90=x0 91=x1 92=x2 93=x3 94=x4 95=x5 96=x6 97=x7 98=x8 99=x9";
const fargate: Partial<PlannedSet> = { capacity: "fargate" };
const zones: Settings["defaults"] = {
  ...aSettings().defaults,
  subnetZones: { "subnet-a": "za", "subnet-b": "zb", "subnet-c": "zc" },
};

function settingsWith(defaults: Settings["defaults"] = zones, more: Partial<Settings> = {}): Settings {
  return aSettings({ defaults, ...more });
}

function inSubnets(...subnets: readonly string[]): NonNullable<Viewed["revisions"]> {
  const content = aContent();
  return { v1: { content: { ...content, capacity: "fargate", network: { ...content.network, subnets } } } };
}

/** `shop/web v1:0-1>n1`, with `/zone` on Fargate; `| 2 no place: why`; `| unknown`. */
function rendered({ key, starts, unplaced, isUnknown }: ServiceStarts): string {
  const calls = starts.map(({ set, slots, spot }) =>
    [`${set.revision}:${slotsOf(slots)}`, spot.kind === "node" ? `>${spot.nodeId}` : `/${spot.zone}`].join(""),
  );
  const rest = unplaced ? [`| ${unplaced.tasks} no place: ${unplaced.message}`] : isUnknown ? ["| unknown"] : [];
  return [key, ...calls, ...rest].join(" ");
}

interface Row {
  readonly name: string;
  readonly views: readonly Viewed[];
  readonly cluster?: Clustered;
  readonly settings?: Settings;
  readonly starts: readonly string[];
}

function decided({ views, cluster, settings = settingsWith() }: Omit<Row, "name" | "starts">) {
  return decideStarts(views.map(aView), aCluster(cluster), settings, nowMs);
}

function rows(table: readonly Row[]): void {
  test.for<Row>(table)("$name", ({ starts, ...row }) => {
    expect(decided(row).map(rendered)).toEqual(starts);
  });
}

describe("how many start", () => {
  rows([
    { name: "one of a set that nothing is known of", views: [{}], starts: ["shop/web v1:0>n1"] },
    {
      name: "twice as many when one was answered",
      views: [{ replicas: 4, calls: "answered v1/3=t0", tasks: "v1/3" }],
      starts: ["shop/web v1:0-1>n1"],
    },
    {
      name: "all of a node before any of another, for fewer calls",
      views: [{ replicas: 4, calls: "answered v1/3=t0", tasks: "v1/3" }],
      cluster: { nodes: "n1@a n2@b" },
      starts: ["shop/web v1:0,2>n2"],
    },
    {
      name: "in order where a spread refuses",
      views: [
        {
          replicas: 4,
          calls: "answered v1/3=t0",
          tasks: "v1/3",
          set: { placement: aPlacement({ spread: [hard("zone")] }) },
        },
      ],
      cluster: { nodes: "n1@a n2@b" },
      starts: ["shop/web v1:0>n2 v1:1>n1"],
    },
    {
      name: "not in order for a spread that prefers",
      views: [
        {
          replicas: 4,
          calls: "answered v1/3=t0",
          tasks: "v1/3",
          set: { placement: aPlacement({ spread: [soft("zone")] }) },
        },
      ],
      cluster: { nodes: "n1@a n2@b" },
      starts: ["shop/web v1:0,2>n2"],
    },
    { name: "none while the first is out", views: [{ calls: "sent v1/2" }], starts: ["shop/web"] },
    {
      name: "one after a failure of the set's tasks",
      views: [
        { calls: ramped, state: { backOffs: [{ revision: "v1" as never, failures: 1, lastFailureAtMs: nowMs }] } },
      ],
      starts: ["shop/web v1:0>n1"],
    },
    {
      name: "as many as before after a failure of another set's tasks",
      views: [
        {
          calls: ramped,
          cpuUnits: 1,
          state: { backOffs: [{ revision: "v0" as never, failures: 1, lastFailureAtMs: nowMs }] },
        },
      ],
      starts: ["shop/web v1:0-2>n1"],
    },
    {
      name: "ten to a node and call, as far as there is room",
      views: [{ replicas: 12, calls: ramped, cpuUnits: 1 }],
      cluster: { nodes: "n1" },
      starts: ["shop/web v1:0-3>n1 | 8 no place: 0 of 1 nodes fit: 1 has not enough free memory: 512 MiB wanted"],
    },
    {
      name: "nothing of a revision without a task definition",
      views: [{ revisions: { v1: { taskDefinition: undefined as never } } }],
      starts: [],
    },
    {
      name: "nothing of a revision that is not on record",
      views: [{ wanted: "v2", plan: "v1:0-2 max 3", revisions: { v1: "none" } }],
      starts: [],
    },
    { name: "nothing of what may not start", views: [{ paused: true }], starts: [] },
  ]);
});

describe("who is first", () => {
  const small = { nodes: "n1", remaining: { n1: { cpuUnits: 256, memoryMib: 512 } } };
  const one = { replicas: 1 };
  rows([
    {
      name: "the higher priority",
      views: [
        { ...one, key: "shop/a", set: { priority: 10 } },
        { ...one, key: "shop/b", set: { priority: 20 } },
      ],
      cluster: small,
      starts: ["shop/b v1:0>n1", "shop/a | 1 no place: 0 of 1 nodes fit: 1 has not enough free CPU: 256 units wanted"],
    },
    {
      name: "the lower key among equals",
      views: [
        { ...one, key: "shop/b" },
        { ...one, key: "shop/a" },
      ],
      cluster: small,
      starts: ["shop/a v1:0>n1", "shop/b | 1 no place: 0 of 1 nodes fit: 1 has not enough free CPU: 256 units wanted"],
    },
    {
      name: "tasks that wait for the ramp keep their place",
      views: [
        { key: "shop/a", replicas: 2 },
        { key: "shop/b", replicas: 1 },
      ],
      cluster: { nodes: "n1", remaining: { n1: { cpuUnits: 512, memoryMib: 1024 } } },
      starts: ["shop/a v1:0>n1", "shop/b | 1 no place: 0 of 1 nodes fit: 1 has not enough free CPU: 256 units wanted"],
    },
    {
      name: "what ECS refuses takes no place from others",
      views: [
        { ...one, key: "shop/a", calls: "void v1/0", call: { 1: { refusal: "no such role", closedAtMs: nowMs } } },
        { ...one, key: "shop/b" },
      ],
      cluster: small,
      starts: ["shop/a | 1 no place: ECS refused to start them: no such role", "shop/b v1:0>n1"],
    },
    {
      name: "a service without sets has no priority",
      views: [
        { plan: "max 0", key: "shop/a" },
        { ...one, key: "shop/b" },
      ],
      starts: ["shop/b v1:0>n1"],
    },
  ]);
});

describe("which node", () => {
  const n1 = "n1" as NodeId;
  const nodes = "n1 n2";
  rows([
    { name: "the emptier of the set", views: [{ tasks: "v1/0" }], cluster: { nodes }, starts: ["shop/web v1:1>n2"] },
    {
      name: "tasks of other revisions do not count",
      views: [{ tasks: "v0/0", plan: "v1:0-2 max 9", replicas: 9 }],
      cluster: { nodes, remaining: { n2: { cpuUnits: 512, memoryMib: 1024 } } },
      starts: ["shop/web v1:0>n1"],
    },
    {
      name: "nor do tasks that stopped",
      views: [{ tasks: "v1/0-" }],
      cluster: { nodes, remaining: { n2: { cpuUnits: 512, memoryMib: 1024 } } },
      starts: ["shop/web v1:0>n1"],
    },
    {
      name: "members of open calls count as there",
      views: [{ calls: `${ramped}; sent v1/0`, call: { 2: { nodeId: n1 } } }],
      cluster: { nodes },
      starts: ["shop/web v1:1>n2 v1:2>n1"],
    },
    {
      name: "open calls of another set do not",
      views: [
        {
          calls: `${ramped}; sent v0/0`,
          call: { 2: { nodeId: n1, setId: "v0" } },
          replicas: 2,
          revisions: { v0: "none" },
        },
      ],
      cluster: { nodes, remaining: { n2: { cpuUnits: 512, memoryMib: 1024 } } },
      starts: ["shop/web v1:0>n1"],
    },
    {
      name: "open calls take the room of their node",
      views: [
        { key: "shop/a", replicas: 2 },
        { key: "shop/b", calls: "sent v1/0 1 2", call: { 1: { nodeId: n1 } } },
      ],
      cluster: { nodes: "n1", remaining: { n1: { cpuUnits: 1024, memoryMib: 2048 } } },
      starts: ["shop/a v1:0>n1 | 1 no place: 0 of 1 nodes fit: 1 has not enough free CPU: 256 units wanted"],
    },
    {
      name: "not one that refused the set less than a minute ago",
      views: [
        {
          calls: "answered v1/7",
          call: { 1: { nodeId: n1, closedAtMs: minute1 + 1, members: [{ slot: 7, failure: "AGENT" }] } },
        },
      ],
      cluster: { nodes },
      starts: ["shop/web v1:0>n2"],
    },
    {
      name: "nor one that refused a part of a call",
      views: [
        {
          calls: "answered v1/7=t0 8",
          call: {
            1: {
              nodeId: n1,
              closedAtMs: nowMs,
              members: [
                { slot: 7, taskId: "t0" as TaskId },
                { slot: 8, failure: "AGENT" },
              ],
            },
          },
        },
      ],
      cluster: { nodes },
      starts: ["shop/web v1:0>n2"],
    },
    {
      name: "a minute later it may be asked again",
      views: [
        {
          calls: "answered v1/7",
          call: { 1: { nodeId: n1, closedAtMs: minute1, members: [{ slot: 7, failure: "AGENT" }] } },
        },
      ],
      cluster: { nodes },
      starts: ["shop/web v1:0>n1"],
    },
    ...[
      { name: "twice as long after a second refusal", agoMs: 2 * minute - 1, starts: ["shop/web v1:0>n2"] },
      { name: "and no longer", agoMs: 2 * minute, starts: ["shop/web v1:0>n1"] },
    ].map(({ name, agoMs, starts }) => ({
      name,
      views: [
        {
          calls: "answered v1/7; answered v1/7",
          call: {
            1: { nodeId: n1, closedAtMs: 0, members: [{ slot: 7, failure: "AGENT" }] },
            2: { nodeId: n1, closedAtMs: nowMs - agoMs, members: [{ slot: 7, failure: "RESOURCE:PORTS" }] },
          },
        },
      ],
      cluster: { nodes },
      starts,
    })),
    ...[
      { name: "five minutes at most", agoMs: 5 * minute - 1, starts: ["shop/web v1:0>n2"] },
      { name: "not longer than that", agoMs: 5 * minute, starts: ["shop/web v1:0>n1"] },
    ].map(({ name, agoMs, starts }) => ({
      name,
      views: [
        {
          calls: "answered v1/7; answered v1/7; answered v1/7; answered v1/7; answered v1/7",
          call: Object.fromEntries(
            [1, 2, 3, 4, 5].map((seq) => [
              seq,
              { nodeId: n1, closedAtMs: nowMs - agoMs, members: [{ slot: 7, failure: "AGENT" }] },
            ]),
          ),
        },
      ],
      cluster: { nodes },
      starts,
    })),
    {
      name: "no longer than a minute where it took a task since it last refused",
      views: [
        {
          calls: "answered v1/7; answered v1/7=t0; answered v1/8",
          call: {
            1: { nodeId: n1, closedAtMs: nowMs - 3 * minute, members: [{ slot: 7, failure: "AGENT" }] },
            2: { nodeId: n1, closedAtMs: nowMs - 2 * minute },
            3: { nodeId: n1, closedAtMs: minute1, members: [{ slot: 8, failure: "AGENT" }] },
          },
        },
      ],
      cluster: { nodes },
      starts: ["shop/web v1:0>n1"],
    },
    {
      name: "and says why it refused",
      views: [
        {
          calls: "answered v1/7",
          call: { 1: { nodeId: n1, closedAtMs: nowMs, members: [{ slot: 7, failure: "RESOURCE:PORTS" }] } },
          replicas: 1,
        },
      ],
      cluster: { nodes: "n1" },
      starts: ["shop/web | 1 no place: 0 of 1 nodes fit: 1 refused this service lately: RESOURCE:PORTS"],
    },
    {
      name: "one that refused another set may be asked",
      views: [
        {
          calls: "answered v1/7",
          call: { 1: { nodeId: n1, setId: "v0", closedAtMs: nowMs, members: [{ slot: 7, failure: "AGENT" }] } },
        },
      ],
      cluster: { nodes },
      starts: ["shop/web v1:0>n1"],
    },
    {
      name: "one that refused nothing stays",
      views: [
        { replicas: 2, calls: "answered v1/7=t0", call: { 1: { nodeId: n1, closedAtMs: nowMs } }, tasks: "v1/7-" },
      ],
      cluster: { nodes },
      starts: ["shop/web v1:0>n1 v1:1>n2"],
    },
    {
      name: "as constraints ask for",
      views: [
        {
          set: {
            placement: {
              capacity: [],
              spread: [],
              constraints: [{ attribute: "zone", operator: "in", values: ["b"] }],
            },
          },
        },
      ],
      cluster: { nodes: "n1@a n2@b" },
      starts: ["shop/web v1:0>n2"],
    },
    {
      name: "by the need of its revision",
      views: [{ cpuUnits: 1024, replicas: 1 }],
      cluster: { nodes, remaining: { n1: { cpuUnits: 1023, memoryMib: 2048 } } },
      starts: ["shop/web v1:0>n2"],
    },
  ]);

  test("a call names its node's instance and zone", () => {
    const [found] = decided({ views: [{}], cluster: { nodes: "n1@b" } });
    expect(found?.starts[0]?.spot).toEqual({ kind: "node", nodeId: "n1", ec2InstanceId: "i-n1", zone: "b" });
  });
});

describe("when nodes are not to be had", () => {
  rows([
    {
      name: "there are none",
      views: [{}],
      cluster: { nodes: "" },
      starts: ["shop/web | 3 no place: there are no nodes"],
    },
    {
      name: "those that are gone or given up are not counted",
      views: [{}],
      cluster: { nodes: "n1- n2 n3!", lost: ["n2"] },
      starts: ["shop/web | 3 no place: 0 of 1 nodes fit: 1 has a disconnected agent"],
    },
    {
      name: "each says why",
      views: [{}],
      cluster: { nodes: "n1~ n2! n3", seen: { n3: "none" } },
      starts: [
        "shop/web | 3 no place: 0 of 3 nodes fit: 1 is draining, 1 is not described by ECS, 1 has a disconnected agent",
      ],
    },
    {
      name: "some have a place",
      views: [{ replicas: 5 }],
      cluster: { nodes: "n1" },
      starts: ["shop/web v1:0>n1 | 1 no place: 0 of 1 nodes fit: 1 has not enough free CPU: 256 units wanted"],
    },
  ]);

  test("while nodes cannot be read, what wants one waits, and Fargate goes on", () => {
    const views = [aView({ key: "shop/a" }), aView({ key: "shop/b", set: fargate, revisions: inSubnets("subnet-a") })];
    const cluster = { ...aCluster(), sightings: undefined };
    expect(decideStarts(views, cluster, settingsWith(), nowMs).map(rendered)).toEqual([
      "shop/a | unknown",
      "shop/b v1:0/za",
    ]);
  });
});

describe("what ECS refused for good", () => {
  const refused = (agoMs: number, more: Partial<CallRecord> = {}): Viewed => ({
    calls: "void v1/0",
    call: { 1: { refusal: "no such role", closedAtMs: nowMs - agoMs, ...more } },
  });
  const waits = "shop/web | 3 no place: ECS refused to start them: no such role";
  rows([
    { name: "is not asked again", views: [refused(0)], starts: [waits] },
    { name: "for five minutes", views: [refused(5 * minute - 1)], starts: [waits] },
    { name: "and then is", views: [refused(5 * minute)], starts: ["shop/web v1:0>n1"] },
    {
      name: "a call that was void for another reason is asked again at once",
      views: [{ calls: "void v1/0", call: { 1: { closedAtMs: nowMs } } }],
      starts: ["shop/web v1:0>n1"],
    },
    {
      name: "a refusal of another set does not count",
      views: [refused(0, { setId: "v0" })],
      starts: ["shop/web v1:0>n1"],
    },
    {
      name: "only the set's last call counts",
      views: [{ ...refused(0), calls: "void v1/0; void v1/0" }],
      starts: ["shop/web v1:0>n1"],
    },
    {
      name: "a seal after it changes nothing",
      views: [{ ...refused(0), calls: "void v1/0; seal 2", call: { ...refused(0).call, 2: { setId: "" } } }],
      starts: [waits],
    },
    {
      name: "a refusal is no longer one once the call is settled otherwise",
      views: [refused(0, { phase: "answered" })],
      starts: ["shop/web v1:0-1>n1"],
    },
    { name: "on Fargate as well", views: [{ ...refused(0), set: fargate }], starts: [waits] },
  ]);
});

describe("on Fargate", () => {
  const inZones = (more: Viewed = {}): Viewed => ({
    replicas: 6,
    set: fargate,
    calls: ramped,
    revisions: inSubnets("subnet-a", "subnet-b"),
    ...more,
  });
  const zonesOf = (row: Omit<Row, "name" | "starts">) =>
    decided(row)
      .flatMap(({ starts }) => starts)
      .map(({ slots, spot }) => `${spot.zone}:${slots.length}`)
      .toSorted();

  test.for<{ name: string; view: Viewed; zones: readonly string[]; settings?: Settings }>([
    { name: "tasks are spread over the zones of its subnets", view: inZones(), zones: ["za:3", "zb:3"] },
    { name: "one call a zone", view: inZones({ revisions: inSubnets("subnet-a") }), zones: ["za:6"] },
    {
      name: "a subnet of an unknown zone is one of its own",
      view: inZones({ revisions: inSubnets("subnet-a", "subnet-x") }),
      zones: ["subnet-x:3", "za:3"],
    },
    { name: "live tasks of the set count", view: inZones({ tasks: "v1/0@za v1/1@za" }), zones: ["za:1", "zb:3"] },
    {
      name: "those of other revisions do not",
      view: inZones({ tasks: "v0/0@za v0/1@za", plan: "v1:0-5 max 9", replicas: 9 }),
      zones: ["za:3", "zb:3"],
    },
    {
      name: "nor those that stopped",
      view: inZones({ tasks: "v1/0-@za v1/1-@za" }),
      zones: ["za:3", "zb:3"],
    },
    {
      name: "members of open calls count",
      view: inZones({ calls: `${ramped}; sent v1/0 1`, call: { 2: { zone: "za" } } }),
      zones: ["za:1", "zb:3"],
    },
    {
      name: "as many a call as its launches have room for",
      view: inZones({ revisions: inSubnets("subnet-a") }),
      settings: settingsWith(zones, { accountShare: 0.2 }),
      zones: ["za:3", "za:3"],
    },
    {
      name: "more room for replacements",
      view: inZones({ revisions: inSubnets("subnet-a"), tasks: "v1/9-" }),
      settings: settingsWith(zones, { accountShare: 0.25 }),
      zones: ["za:2", "za:4"],
    },
  ])("$name", ({ view, zones: expected, settings }) => {
    expect(zonesOf({ views: [view], ...(settings ? { settings } : {}) })).toEqual(expected);
  });

  rows([
    {
      name: "without subnets there is no zone",
      views: [inZones({ revisions: inSubnets() })],
      starts: ["shop/web | 6 no place: there are no zones"],
    },
    {
      name: "nodes do not matter",
      views: [inZones({ replicas: 1, revisions: inSubnets("subnet-a") })],
      cluster: { nodes: "" },
      starts: ["shop/web v1:0/za"],
    },
    {
      name: "a zone that its constraints refuse is none",
      views: [
        inZones({
          set: {
            ...fargate,
            placement: {
              capacity: [],
              spread: [],
              constraints: [{ attribute: "zone", operator: "in", values: ["zq"] }],
            },
          },
        }),
      ],
      starts: ["shop/web | 6 no place: 0 of 2 zones fit: 2 do not match the constraint on zone"],
    },
  ]);
});

describe("what a start is for", () => {
  test.for<{ name: string; view: Viewed; purpose: string }>([
    { name: "a set that never had more tasks grows", view: { tasks: "v1/0" }, purpose: "scale-out" },
    { name: "a set that lost a task replaces it", view: { tasks: "v1/0-" }, purpose: "replace" },
    { name: "whatever else of it lives", view: { tasks: "v1/0- v1/1" }, purpose: "replace" },
    { name: "also when that is out of reach", view: { tasks: "v1/0<abandoned" }, purpose: "replace" },
    {
      name: "what comes beside older tasks rolls out",
      view: { plan: "v0:0 v1:0-1 max 4", tasks: "v0/0 v1/0-", replicas: 4 },
      purpose: "rollout",
    },
    {
      name: "what is older and lost one replaces it",
      view: { plan: "v0:0-1 v1:0 max 4", tasks: "v0/0- v1/0", replicas: 4 },
      purpose: "replace",
    },
    {
      name: "what is older and grows does so",
      view: { plan: "v0:0-1 v1:0 max 4", tasks: "v0/0 v1/0", replicas: 4 },
      purpose: "scale-out",
    },
    { name: "a loss of another revision does not count", view: { tasks: "v0/0-" }, purpose: "scale-out" },
  ])("$name", ({ view, purpose }) => {
    expect(decided({ views: [view] })[0]?.starts[0]?.purpose).toBe(purpose);
  });
});

describe("a call that more tasks could join", () => {
  const stopping = (count: number, tries = 1) =>
    Object.fromEntries(
      Array.from(
        { length: count },
        (_, index) => [`t${index}`, aStop({ phase: "stopping", why: "replaced", tries })] as const,
      ),
    );
  /** A rollout of which `free` tasks may start, with so many StopTasks on their way. */
  const rolling = (free: number, stops: StateRecord["stops"], tasks = "v0 v0 v0 v0 v0 v0"): Viewed => ({
    plan: `v0: v1:0-19 max ${6 + free}`,
    tasks,
    replicas: 20,
    calls: ramped,
    cpuUnits: 1,
    state: { stops },
  });
  const cluster = { nodes: "n1", remaining: { n1: { cpuUnits: 4096, memoryMib: 8192 } } };

  test.for<{ name: string; view: Viewed; isGrowing: boolean }>([
    { name: "four, while five stop", view: rolling(4, stopping(5)), isGrowing: true },
    { name: "not five", view: rolling(5, stopping(5)), isGrowing: false },
    { name: "not all that its ramp lets start", view: { ...rolling(4, stopping(5)), calls: "" }, isGrowing: false },
    {
      name: "not where a spread refuses, which starts them in order",
      view: { ...rolling(4, stopping(5)), set: { placement: aPlacement({ spread: [hard("zone")] }) } },
      isGrowing: false,
    },
    { name: "not while four stop", view: rolling(4, stopping(4)), isGrowing: false },
    { name: "not while they have yet to be told", view: rolling(4, stopping(6, 0)), isGrowing: false },
    {
      name: "not when they have stopped",
      view: rolling(4, stopping(6), "v0- v0- v0 v0 v0 v0"),
      isGrowing: false,
    },
    {
      name: "not outside of a rollout",
      view: { ...rolling(4, stopping(6)), plan: "v1:0-19 max 10" },
      isGrowing: false,
    },
  ])("$name", ({ view, isGrowing }) => {
    const starts = decided({ views: [view], cluster })[0]?.starts ?? [];
    expect(starts.map((start) => start.isGrowing)).toEqual([isGrowing]);
  });

  test.for<Row>([
    {
      name: "the largest call of a set is made first",
      views: [{ replicas: 4, calls: ramped, cpuUnits: 1024 }],
      cluster: {
        nodes: "n1 n2",
        remaining: { n1: { cpuUnits: 1024, memoryMib: 1024 }, n2: { cpuUnits: 4096, memoryMib: 4096 } },
      },
      starts: ["shop/web v1:0,2-3>n2 v1:1>n1"],
    },
  ])("$name", ({ starts, ...row }) => {
    expect(decided(row).map(rendered)).toEqual(starts);
  });
});

test("no order of services or nodes changes what is decided, and no node is given more than it has", () => {
  const service = fc.record({
    priority: fc.constantFrom(1, 2),
    replicas: fc.nat(4),
    cpuUnits: fc.constantFrom(128, 256, 512),
  });
  const scene = fc
    .tuple(fc.array(service, { minLength: 1, maxLength: 5 }), fc.integer({ min: 0, max: 4 }))
    .chain(([services, nodes]) => {
      const views = services.map(({ priority, replicas, cpuUnits }, index) =>
        aView({ key: `shop/s${index}`, replicas, cpuUnits, calls: ramped, set: { priority } }),
      );
      const all = { minLength: views.length, maxLength: views.length };
      return fc.tuple(fc.constant(views), fc.constant(nodes), fc.shuffledSubarray(views, all));
    });
  fc.assert(
    fc.property(scene, ([views, nodes, shuffled]) => {
      const cluster = aCluster({ nodes: Array.from({ length: nodes }, (_, index) => `n${index}`).join(" ") });
      const turned = { ...cluster, nodes: cluster.nodes.toReversed() };
      const starts = decideStarts(views, cluster, settingsWith(), nowMs);
      expect(decideStarts(shuffled, turned, settingsWith(), nowMs)).toEqual(starts);
      const used = new Map<string, number>();
      for (const { starts: calls } of starts)
        for (const { spot, slots, revision } of calls)
          if (spot.kind === "node")
            used.set(spot.nodeId, (used.get(spot.nodeId) ?? 0) + slots.length * revision.content.task.cpuUnits);
      expect(Math.max(0, ...used.values())).toBeLessThanOrEqual(1024);
    }),
    { numRuns: 60 },
  );
});
