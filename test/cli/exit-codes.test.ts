import { describe, expect, test } from "vitest";
import { combined, exitCodes } from "../../cli/exit-codes.ts";
import { type Revision, serviceKey } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import type { SpecRecord } from "../../core/model/records.ts";
import { anInstall, type MemoryInstall, manifestText, type Surroundings } from "./a-session.ts";

const web = serviceKey("shop", "web");
const complete = { reason: "Complete", message: "generation 1 is live" };
const rolledBack = { status: "False", reason: "RolledBack", message: "BreakerTripped: 3 tasks failed" } as const;
const rollingBack = { ...rolledBack, reason: "RollingBack" } as const;
const overdue = { status: "False", reason: "ProgressDeadlineExceeded", message: "no progress" } as const;

interface Row {
  readonly name: string;
  /** Run before, each of which must succeed. */
  readonly before?: readonly string[];
  /** What was decided then. */
  readonly decided?: Parameters<MemoryInstall["decideState"]>;
  readonly line: string;
  readonly given?: Surroundings;
  readonly code: number;
  /** Stands in what the command says. */
  readonly says: string | RegExp;
}

const scaled =
  (replicas: number) =>
  async ({ connection }: MemoryInstall) => {
    const data = { kind: "Service", metadata: { namespace: "shop", name: "web" }, replicas };
    const event = { specversion: "1.0", id: `scale-${replicas}`, source: "test", type: "dev.longshore.scale", data };
    await connection.send(JSON.stringify(event), "shop/web");
  };

/** At the first pause this, at every later one that. */
function twice(...steps: readonly ((install: MemoryInstall) => Promise<void>)[]) {
  let pauses = 0;
  return async (install: MemoryInstall) => {
    pauses += 1;
    await steps[pauses === 1 ? 0 : 1]?.(install);
  };
}

const rollout = (failure: { reason: "BreakerTripped" | "Cancelled"; outcome: "rolled back" | "paused" }) => ({
  rollout: {
    attempt: 1,
    revision: "0123456789" as Revision,
    startedAtMs: 0,
    failure: { message: "3 tasks failed", atMs: Date.parse("2030-01-01"), ...failure },
  },
});
const backAgain = rollout({ reason: "BreakerTripped", outcome: "rolled back" });
const held = rollout({ reason: "BreakerTripped", outcome: "paused" });

const removeSpec = async ({ store }: MemoryInstall) => {
  const spec = await store.get<SpecRecord>(keys.spec(web));
  if (spec) await store.remove(spec);
};

const rawDelete = JSON.stringify({
  specversion: "1.0",
  id: "1",
  source: "me",
  type: "dev.longshore.delete",
  data: { kind: "Service", metadata: { namespace: "shop", name: "web" } },
});

const rows: readonly Row[] = [
  { name: "accepted", line: "apply -f -", code: 0, says: "shop/web  accepted as generation 1" },
  {
    name: "live",
    line: "apply -f - --wait",
    given: { onPause: ({ decide }) => decide(complete) },
    code: 0,
    says: "shop/web  generation 1 is live",
  },
  {
    name: "applied again, live as before",
    before: ["apply -f -"],
    decided: [{}, complete],
    line: "apply -f -",
    code: 0,
    says: /^shop\/web {2}unchanged: generation 1 runs already\n$/,
  },
  {
    name: "applied again, and not looked at yet",
    before: ["apply -f -"],
    line: "apply -f -",
    code: 0,
    says: "unchanged: generation 1 is on its way already",
  },
  {
    name: "applied again after it was rolled back",
    before: ["apply -f -"],
    decided: [backAgain, rolledBack],
    line: "apply -f -",
    code: 0,
    says: "unchanged: generation 1 was rolled back (BreakerTripped); change the manifest, or longshore restart service shop/web tries it again",
  },
  {
    name: "applied again after it was cancelled",
    before: ["apply -f -"],
    decided: [rollout({ reason: "Cancelled", outcome: "rolled back" }), rolledBack],
    line: "apply -f -",
    code: 0,
    says: "unchanged: generation 1 was cancelled; change the manifest, or",
  },
  {
    name: "applied again while it is held for having failed",
    before: ["apply -f -"],
    decided: [held, { status: "False", reason: "BreakerTripped" }],
    line: "apply -f -",
    code: 0,
    says: "unchanged: generation 1 failed (BreakerTripped) and is held; change the manifest, or longshore rollout resume shop/web",
  },
  {
    name: "applied again while its target group is missing",
    before: ["apply -f -"],
    decided: [{}, { status: "False", reason: "TargetGroupNotFound", message: "there is none" }],
    line: "apply -f -",
    code: 0,
    says: "unchanged: generation 1 failed: TargetGroupNotFound: there is none",
  },
  {
    name: "applied again and waited for after it was rolled back",
    before: ["apply -f -"],
    decided: [backAgain, rolledBack],
    line: "apply -f - --wait",
    code: 7,
    says: "shop/web  generation 1 rolled back: BreakerTripped: 3 tasks failed",
  },
  {
    name: "deleted again",
    before: ["apply -f -", "delete shop/web --yes"],
    line: "delete shop/web --yes",
    code: 0,
    says: "unchanged: it is being deleted already",
  },
  {
    name: "scaled to what it has",
    before: ["apply -f -"],
    line: "scale shop/web --replicas 2",
    code: 0,
    says: "unchanged: generation 1 wants 2 tasks already",
  },
  {
    name: "accepted while it is paused",
    before: ["apply -f -", "pause shop/web"],
    line: "scale shop/web --replicas 3",
    code: 0,
    says: "accepted as generation 2; the service is paused; longshore resume service shop/web ends it",
  },
  {
    name: "accepted while its rollout is paused",
    before: ["apply -f -", "rollout pause shop/web"],
    line: "restart shop/web",
    code: 0,
    says: "accepted as generation 2; the rollout is paused; longshore rollout resume shop/web ends it",
  },
  {
    name: "a wait for what is paused: it does not go on",
    before: ["pause namespace shop"],
    line: "apply -f - --wait --timeout 1s",
    code: 6,
    says: /not live within 1 s: namespace shop is paused; longshore resume namespace shop ends it\n$/,
  },
  { name: "no command", line: "", code: 2, says: "Usage: longshore" },
  { name: "help", line: "apply --help", code: 0, says: "$ longshore apply -f" },
  { name: "version", line: "--version", code: 0, says: /^\d+\.\d+\.\d+\n$/ },
  { name: "a mistyped command", line: "aply -f -", code: 2, says: "(Did you mean apply?)" },
  { name: "a mistyped kind", line: "get servces", code: 2, says: "(Did you mean services?)" },
  {
    name: "an unknown kind",
    line: "get pods",
    code: 2,
    says: "(services, tasks, revisions, nodes and grants can be got",
  },
  { name: "a mistyped option", line: "apply -f - --wiat", code: 2, says: "(Did you mean --wait?)" },
  { name: "a mistyped kind of one object", line: "describe servce shop/web", code: 2, says: "did you mean service?" },
  {
    name: "no name of a service",
    line: "describe web",
    code: 2,
    says: 'such as shop/web, or a name beside --namespace, got "web"',
  },
  {
    name: "a namespace beside another",
    line: "describe shop/web -n other",
    code: 2,
    says: 'got "shop/web --namespace other"',
  },
  {
    name: "tasks of a service beside another namespace",
    before: ["apply -f -"],
    line: "get tasks shop/web -n other",
    code: 3,
    says: 'no service "shop/web" in namespace "other"',
  },
  {
    name: "a raw event that deletes",
    before: ["apply -f examples/web/service.yaml"],
    line: "send - --wait",
    given: { input: rawDelete, onPause: removeSpec },
    code: 0,
    says: "shop/web  deleted: nothing is left of it",
  },
  { name: "a timeout that is none", line: "apply -f - --timeout soon", code: 2, says: 'such as 90s, got "soon"' },
  { name: "too many replicas", line: "scale shop/web --replicas 5001", code: 2, says: 'must be 0 to 5000, got "5001"' },
  { name: "a file that is not there", line: "apply -f nowhere.yaml", code: 2, says: '"nowhere.yaml" does not exist' },
  {
    name: "an invalid manifest",
    line: "apply -f -",
    given: { input: manifestText("replicas: -1") },
    code: 2,
    says: "standard input, document 1, spec.replicas: replicas must be 0 to 5000, got -1",
  },
  {
    name: "a delete that nobody confirms",
    before: ["apply -f -"],
    line: "delete shop/web",
    code: 2,
    says: "add --yes",
  },
  {
    name: "a delete that somebody takes back",
    before: ["apply -f -"],
    line: "delete shop/web",
    given: { answer: "n" },
    code: 2,
    says: "not deleted",
  },
  {
    name: "nothing to delete",
    line: "delete --yes",
    code: 2,
    says: "delete needs a service such as shop/web, or --file",
  },
  { name: "a name and a file", line: "delete shop/web -f - --yes", code: 2, says: "and not both" },
  {
    name: "refused: there is no such service",
    line: "scale shop/web --replicas 1",
    code: 3,
    says: "there is no service shop/web",
  },
  {
    name: "refused: a large reduction that is not confirmed",
    before: ["apply -f -"],
    line: "scale shop/web --replicas 1",
    given: { input: manifestText("replicas: 4") },
    code: 3,
    says: "longshore: --yes",
  },
  {
    name: "a large reduction that is meant",
    before: ["apply -f -"],
    line: "scale service shop/web --replicas 1 --yes",
    given: { input: manifestText("replicas: 4") },
    code: 0,
    says: "accepted as generation 2",
  },
  {
    name: "refused: the generation is another",
    before: ["apply -f -"],
    line: "scale web -n shop --replicas 3 --if-generation 7",
    code: 3,
    says: "ifGeneration is 7, but the service is at generation 1",
  },
  { name: "describe what does not exist", line: "describe shop/web", code: 3, says: "there is no service shop/web" },
  { name: "get what does not exist", line: "get services shop/web", code: 3, says: 'there is no service "shop/web"' },
  {
    name: "tasks of what does not exist",
    line: "get tasks web -n shop",
    code: 3,
    says: 'no service "web" in namespace "shop"',
  },
  { name: "a node that does not exist", line: "get nodes i-1", code: 3, says: 'there is no node "i-1"' },
  { name: "get all of nothing", line: "get services", code: 0, says: "none" },
  {
    name: "failed",
    line: "apply -f - --wait",
    given: { onPause: ({ decide }) => decide(overdue) },
    code: 4,
    says: "shop/web  generation 1 failed: ProgressDeadlineExceeded: no progress",
  },
  {
    name: "rolled back, once that is done",
    line: "apply -f - --wait",
    given: {
      onPause: twice(
        ({ decide }) => decide(rollingBack),
        ({ decide }) => decide(rolledBack),
      ),
    },
    code: 7,
    says: "shop/web  generation 1 rolled back: BreakerTripped: 3 tasks failed",
  },
  {
    name: "rolled back before: a change of the number of tasks has nothing to do with it",
    before: ["apply -f -"],
    line: "scale shop/web --replicas 3 --wait",
    given: {
      onPause: ({ decide }) => decide(rolledBack, { type: "Available", message: "3 of 3 tasks are available" }),
    },
    code: 0,
    says: "shop/web  3 of 3 tasks are available",
  },
  { name: "restarted", before: ["apply -f -"], line: "restart shop/web", code: 0, says: "accepted as generation 2" },
  {
    name: "restarted and live",
    before: ["apply -f -"],
    line: "restart service shop/web --wait",
    given: { onPause: ({ decide }) => decide(complete) },
    code: 0,
    says: "shop/web  generation 1 is live",
  },
  {
    name: "a rollback to what is not there",
    before: ["apply -f -"],
    line: "rollout rollback shop/web --to 7",
    code: 3,
    says: "refused",
  },
  {
    name: "a rollback to what cannot be",
    line: "rollout undo shop/web --to latest",
    code: 2,
    says: 'first 4 to 10 characters of a revision, got "latest"',
  },
  {
    name: "nothing to cancel",
    before: ["apply -f -"],
    line: "rollout cancel shop/web",
    code: 3,
    says: "refused",
  },
  {
    name: "a rollout held",
    before: ["apply -f -"],
    line: "rollout pause shop/web",
    code: 0,
    says: "shop/web  the rollout is paused",
  },
  {
    name: "a rollout held again",
    before: ["apply -f -", "rollout pause shop/web"],
    line: "rollout pause shop/web",
    code: 0,
    says: /^shop\/web {2}the rollout is paused already\n$/,
  },
  {
    name: "a rollout held in a namespace that is paused",
    before: ["apply -f -", "pause namespace shop"],
    line: "rollout pause shop/web",
    code: 0,
    says: "no more are replaced; namespace shop is paused; longshore resume namespace shop ends it",
  },
  {
    name: "a rollout that nobody held",
    before: ["apply -f -"],
    line: "rollout resume shop/web",
    code: 0,
    says: /^shop\/web {2}nothing was paused: the rollout was not\n$/,
  },
  {
    name: "a rollout that goes on when its service does",
    before: ["apply -f -", "pause shop/web", "rollout pause shop/web"],
    line: "rollout resume shop/web",
    code: 0,
    says: "the rollout goes on, but the service stays paused; longshore resume service shop/web ends it",
  },
  {
    name: "a rollout resumed that was rolled back",
    before: ["apply -f -", "rollout pause shop/web"],
    decided: [backAgain, rolledBack],
    line: "rollout resume shop/web",
    code: 0,
    says: /no pause holds the rollout; generation 1 was rolled back \(BreakerTripped\); change the manifest, or longshore restart/,
  },
  {
    name: "a rollout resumed that nobody held, and that was rolled back",
    before: ["apply -f -"],
    decided: [backAgain, rolledBack],
    line: "rollout resume shop/web",
    code: 0,
    says: "nothing was paused: the rollout was not; generation 1 was rolled back (BreakerTripped)",
  },
  {
    name: "a rollout tried again that is held for having failed",
    before: ["apply -f -"],
    decided: [held, { status: "False", reason: "BreakerTripped" }],
    line: "rollout resume shop/web",
    code: 0,
    says: /^shop\/web {2}the rollout goes on\n$/,
  },
  {
    name: "a rollout that goes on",
    before: ["apply -f -", "rollout pause shop/web"],
    line: "rollout resume shop/web",
    code: 0,
    says: "shop/web  the rollout goes on",
  },
  {
    name: "a service paused",
    before: ["apply -f -"],
    line: "pause service shop/web",
    code: 0,
    says: "shop/web  paused:",
  },
  {
    name: "a service resumed, if it is the generation that was seen",
    before: ["apply -f -", "pause shop/web"],
    line: "resume web -n shop --if-generation 1",
    code: 0,
    says: "shop/web  resumed",
  },
  {
    name: "a service paused again",
    before: ["apply -f -", "pause shop/web"],
    line: "pause shop/web",
    code: 0,
    says: "shop/web  it is paused already",
  },
  {
    name: "a service resumed in an install that is paused",
    before: ["apply -f -", "pause shop/web", "pause install"],
    line: "resume shop/web",
    code: 0,
    says: "resumed, but the install stays paused; longshore resume install ends it",
  },
  {
    name: "a service resumed that nobody paused, in a namespace that is",
    before: ["apply -f -", "pause namespace shop"],
    line: "resume shop/web",
    code: 0,
    says: "nothing was paused: the service was not, but namespace shop stays paused; longshore resume namespace shop ends",
  },
  {
    name: "a namespace paused",
    before: ["apply -f -"],
    line: "pause namespace shop",
    code: 0,
    says: /^namespace shop paused: 1 service; nothing of it starts or stops until it is resumed\n$/,
  },
  {
    name: "a namespace paused again",
    before: ["apply -f -", "pause namespace shop"],
    line: "pause namespace shop",
    code: 0,
    says: "namespace shop is paused already: 1 service",
  },
  {
    name: "a namespace paused that holds nothing, which may be a slip",
    before: ["apply -f -"],
    line: "pause namespace shpo",
    code: 0,
    says: "warning: there is no service in namespace shpo",
  },
  {
    name: "a namespace resumed that nobody paused",
    line: "resume namespace shop",
    code: 0,
    says: "namespace shop was not paused",
  },
  { name: "pause what is no kind", line: "pause pod web", code: 2, says: 'service, namespace or install, got "pod"' },
  { name: "a mistyped kind to pause", line: "pause namspace shop", code: 2, says: "did you mean namespace?" },
  {
    name: "a namespace resumed",
    before: ["pause namespace shop"],
    line: "resume namespace shop",
    code: 0,
    says: "namespace shop resumed",
  },
  { name: "the install paused", line: "pause install", code: 0, says: "the install paused:" },
  { name: "pause what is not there", line: "pause shop/web", code: 3, says: "there is no service shop/web" },
  { name: "pause nothing", line: "pause", code: 2, says: "missing required argument" },
  { name: "a namespace without its name", line: "pause namespace", code: 2, says: "such as namespace shop" },
  { name: "a namespace that cannot be", line: "pause namespace Shop", code: 2, says: 'got "Shop"' },
  { name: "an install with a name", line: "pause install mine", code: 2, says: "--install says which one" },
  {
    name: "a generation of what has none",
    line: "pause install --if-generation 1",
    code: 2,
    says: "go with a service, not with install",
  },
  { name: "a wait for a pause", line: "pause shop/web --wait", code: 2, says: "unknown option '--wait'" },
  {
    name: "the status of what is under way",
    before: ["apply -f -"],
    line: "rollout status shop/web",
    code: 0,
    says: "shop/web  accepted",
  },
  {
    name: "the status of what comes to an end",
    before: ["apply -f -"],
    line: "rollout status shop/web --wait",
    given: { onPause: ({ decide }) => decide(complete) },
    code: 0,
    says: "Complete: generation 1 is live",
  },
  {
    name: "the status of what failed",
    before: ["apply -f -"],
    line: "rollout status shop/web --wait",
    given: { onPause: ({ decide }) => decide(overdue) },
    code: 4,
    says: "ProgressDeadlineExceeded: no progress",
  },
  {
    name: "the status of what was rolled back",
    before: ["apply -f -"],
    line: "rollout status shop/web --wait",
    given: { onPause: ({ decide }) => decide(rolledBack) },
    code: 7,
    says: "RolledBack: BreakerTripped: 3 tasks failed",
  },
  {
    name: "the status of what takes too long",
    before: ["apply -f -"],
    line: "rollout status shop/web --wait --timeout 1s",
    code: 6,
    says: "shop/web  generation 1 timed out: not live within 1 s",
  },
  { name: "the status of nothing", line: "rollout status shop/web", code: 3, says: "there is no service shop/web" },
  { name: "wait for nothing", line: "rollout status shop/web --wait", code: 3, says: "there is no service shop/web" },
  { name: "the history of nothing", line: "rollout history shop/web", code: 3, says: "there is no service shop/web" },
  { name: "revisions of nothing", line: "get revisions shop/web", code: 3, says: "there is no service shop/web" },
  { name: "events of nothing", line: "events shop/web", code: 3, says: "there is no service shop/web" },
  { name: "logs of nothing", line: "logs shop/web", code: 3, says: "there is no service shop/web" },
  { name: "logs of a future", line: "logs shop/web --since soon", code: 2, says: "since must be a number and ms" },
  { name: "too long a tail", line: "logs shop/web --tail 10001", code: 2, says: "tail must be 0 to 10000" },
  { name: "a mistyped part of a rollout", line: "rollout statsu shop/web", code: 2, says: "(Did you mean status?)" },
  {
    name: "superseded",
    line: "apply -f - --wait",
    given: { onPause: scaled(3) },
    code: 5,
    says: "shop/web  generation 1 superseded: generation 2 took over",
  },
  {
    name: "timed out before it was live",
    line: "apply -f - --wait --timeout 1s",
    code: 6,
    says: "not live within 1 s: accepted",
  },
  {
    name: "timed out without a result",
    line: "apply -f -",
    given: { accepts: false },
    code: 6,
    says: "there is no result after 10 s",
  },
  {
    name: "deleted",
    before: ["apply -f -"],
    line: "delete shop/web --wait",
    given: { answer: "y", onPause: removeSpec },
    code: 0,
    says: "shop/web  deleted: nothing is left of it",
  },
  {
    name: "deleted by its manifest",
    before: ["apply -f -"],
    line: "delete -f - --yes",
    code: 0,
    says: "accepted as generation 2",
  },
  {
    name: "a raw event that is refused",
    line: "send -",
    given: {
      input: JSON.stringify({ specversion: "1.0", id: "1", source: "me", type: "dev.longshore.dance", data: {} }),
    },
    code: 3,
    says: 'got "dev.longshore.dance"',
  },
  {
    name: "a raw event that is no JSON at all",
    line: "send -",
    given: { input: "{" },
    code: 3,
    says: "the text must be JSON",
  },
];

describe("a command line ends with", () => {
  test.for(rows)("$code: $name", async ({ before = [], decided, line, given = {}, code, says }) => {
    const install = anInstall({ input: manifestText(), ...given });
    for (const first of before) expect((await install.run(...words(first))).code).toBe(0);
    if (decided) await install.decideState(...decided);
    const ended = await install.run(...words(line));
    expect(ended.out + ended.progress).toMatch(says);
    expect(ended.code).toBe(code);
  });

  test("1: nobody answers at the endpoint", async () => {
    const refused = new Error("connect ECONNREFUSED");
    const install = anInstall();
    install.store.get = () => Promise.reject(refused);
    const { code, progress } = await install.run("describe", "shop/web");
    expect([code, progress]).toEqual([1, expect.stringContaining("ECONNREFUSED")]);
  });

  test("a row for each code, but for 130, which a signal has to prove", () => {
    expect(new Set([1, 130, ...rows.map(({ code }) => code)])).toEqual(new Set(exitCodes.map(({ code }) => code)));
  });
});

test.for([
  { name: "all went well", codes: [0, 0], together: 0 },
  { name: "one timed out, one failed", codes: [6, 0, 4], together: 4 },
  { name: "one was refused", codes: [0, 5, 3], together: 3 },
] as const)("several commands end with the lowest code that is not 0: $name", ({ codes, together }) => {
  expect(combined(codes)).toBe(together);
});

function words(line: string): readonly string[] {
  return line === "" ? [] : line.split(" ");
}
