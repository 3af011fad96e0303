// What the loop costs and how long it takes, at two sizes: the real steps on the simulator's virtual clock.
//
//   npm run bench:loop [-- --json]
//
// Beside each figure stands what it is to be compared with. Nothing here passes or fails: these are figures, not tests.
import { assumed } from "./loop/bench-world.ts";
import { type Section, table } from "./loop/report.ts";
import { type Measured, measure, type Question, type Subject } from "./loop/subjects.ts";

/** Small images without checks; and what images and health checks take. */
const quick = { startsAfterMs: assumed.startsAfterMs, minReadySeconds: 0 };
const usual = { startsAfterMs: 20_000, minReadySeconds: 10 };
const quickly = { surge: 25, ...quick };
const usually = { surge: 25, ...usual };
const narrowly = [quick, usual].map((readiness) => ({ surge: 10, ...readiness }));

const subjects: readonly Subject[] = [
  { size: "100", replicas: 100, behindTargetGroup: false, repetitions: 30, rollouts: [quickly, usually, ...narrowly] },
  { size: "1,000", replicas: 1_000, behindTargetGroup: false, repetitions: 10, rollouts: [quickly, usually] },
  { size: "100 in a group", replicas: 100, behindTargetGroup: true, repetitions: 30, rollouts: [quickly] },
];
/** The first world is run by code that is not compiled yet. */
const warmUp: Subject = { size: "", replicas: 60, behindTargetGroup: true, repetitions: 10, rollouts: [quickly] };

const { user: beganUs } = process.cpuUsage();
await measure(warmUp);
const measured: { readonly size: string; readonly of: Measured }[] = [];
for (const subject of subjects) measured.push({ size: subject.size, of: await measure(subject) });

const { callMs, stopsAfterMs } = assumed;
const launched = "for each task launched";
const waitsAlone =
  "calls take no time here, so that waits alone count: AWS runs many passes at once, the simulator one at a time";
const sections: readonly Section[] = [
  section("latencies", "1. From a cause to its RunTask", [
    `virtual: on the simulator's clock, where a call of a port takes ${callMs} ms; one call and one pass at a time, also those that AWS would take at once; no back-off`,
    "own time: of the processor, measured, warm, in our own code alone (steps and core): all passes but the sweep's between the two",
  ]),
  section("rollouts", "2. Rollout: from its command until the last old task has stopped", [
    `rolling, maxUnavailable 0, no target group; ready: from RunTask to RUNNING, and minReadySeconds (${usual.minReadySeconds} of 30 s, 0 of 2 s)`,
    waitsAlone,
    `batches: ceil(tasks / surge) x (ready + ${stopsAfterMs} ms from StopTask to STOPPED), and the windows that the StopTasks of one batch take`,
    "call budget: a StopTask a task, and a RunTask a node in each batch but the first (where free places lie together fewer are needed), in windows that begin when the first new task is ready: of our half of 40 calls/s 80%, 65% for StopTasks",
  ]),
  section("deploy calls", `3a. Deploy: calls ${launched}`, [waitsAlone]),
  section("replacement calls", `3b. Replacement of one task: calls ${launched}`, []),
  section("rollout calls", `3c. Rollout, surge 25%: calls ${launched}`, [waitsAlone]),
  section("deploy units", `4a. Deploy: units of the table ${launched}, by item`, []),
  section("replacement units", `4b. Replacement of one task: units of the table ${launched}, by item`, []),
  section("rollout units", `4c. Rollout, surge 25%: units of the table ${launched}, by item`, []),
  section("rest", "5. Ten minutes at rest, from when every queue is empty", []),
];
for (const each of sections) console.log(table(each));
console.log(`this took ${Math.round((process.cpuUsage().user - beganUs) / 1_000_000)} s of one processor`);
if (process.argv.includes("--json")) console.log(JSON.stringify({ assumed, sections }));

function section(question: Question, title: string, notes: readonly string[]): Section {
  const columns = measured.map(({ size, of }) => ({ size, figures: of[question] }));
  return { title, notes, columns: columns.filter(({ figures }) => figures.length > 0) };
}
