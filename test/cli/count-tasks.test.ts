import { expect, test } from "vitest";
import { countTasks } from "../../cli/count-tasks.ts";
import type { Revision } from "../../core/model/ids.ts";
import type { StateRecord } from "../../core/model/records.ts";
import { drawTasks } from "../support/drawn-tasks.ts";
import { aRevision, aSpec, key, nowMs, type Wished } from "../support/service.ts";

interface Row {
  readonly name: string;
  readonly tasks: string;
  readonly wished?: Wished;
  /** Tasks on their way out. */
  readonly leaving?: readonly string[];
  /** As `updated/ready/available+older`. */
  readonly counts: string;
}

test.for<Row>([
  { name: "all of the target serve", tasks: "v2 v2", counts: "2/2/2+0" },
  { name: "tasks died after the rollout was complete", tasks: "v2- v2- v2-", counts: "0/0/0+0" },
  { name: "some are of an older revision", tasks: "v1 v1- v2", counts: "1/1/1+1" },
  { name: "one starts", tasks: "v2 v2?", counts: "2/1/1+0" },
  { name: "one is unhealthy", tasks: "v2 v2!", counts: "2/1/1+0" },
  { name: "one is ready only now", tasks: "v2 v2*", wished: { minReadySeconds: 30 }, counts: "2/1/1+0" },
  { name: "somebody told one to stop", tasks: "v2 v2^", counts: "2/1/1+0" },
  { name: "one leaves", tasks: "v2 v2", leaving: ["t1"], counts: "2/1/1+0" },
  { name: "one is out of reach past its grace", tasks: "v2 v2<abandoned", counts: "1/1/1+0" },
  { name: "nothing is checked: what runs serves", tasks: "v2~", wished: { health: false }, counts: "1/1/1+0" },
  { name: "traffic is checked", tasks: "v2*", wished: { health: false, traffic: [{}] }, counts: "1/0/0+0" },
])("$name: $counts", ({ tasks, wished = {}, leaving = [], counts }) => {
  const progress = { revision: "v2" as Revision, updated: 3, ready: 3, available: 3, older: 0, complete: true };
  const stops = Object.fromEntries(leaving.map((taskId) => [taskId, { phase: "leaving" }]));
  const state = { progress, stops } as unknown as StateRecord;
  const recorded = {
    records: { key, spec: aSpec(wished), state },
    revisions: [aRevision("v1", {}, wished), aRevision("v2", {}, wished)],
    tasks: drawTasks(tasks).map(({ task }) => task),
    nowMs,
  };
  const { updated, ready, available, older } = countTasks(recorded);
  expect(`${updated}/${ready}/${available}+${older}`).toBe(counts);
});

test("nothing is decided of a service yet", () => {
  const recorded = { records: { key, spec: aSpec() }, revisions: [], tasks: [], nowMs };
  expect(countTasks(recorded)).toEqual({ updated: 0, ready: 0, available: 0, older: 0 });
});
