import { describe, expect, test } from "vitest";
import { elbApi } from "../../local/elb/api.ts";
import { logGroups } from "../../local/log-groups.ts";
import { logsService } from "../../local/logs-wire.ts";
import { EcsError } from "../../sim/ecs/api.ts";
import { inputs } from "../../sim/ecs/inputs.ts";
import { createElbModel } from "../../sim/elb/model.ts";
import { aWorld } from "../sim/ecs/world.ts";
import { type Bases, ecsBases, elbBases, logsBases } from "./bases.ts";
import { brokenRequests } from "./broken-requests.ts";
import { checkShape } from "./check-shape.ts";
import { modelOf, shapeOf } from "./model.ts";
import { type Mutant, mutants } from "./mutants.ts";
import { operations, type ServiceName } from "./operations.ts";
import { queryForm } from "./query-form.ts";

/** What an engine answered: that it took the request, or that it refused it, by its own word. */
type Answer = "taken" | `refused: ${string}`;
type Engine = (operation: string, input: unknown) => Promise<Answer>;

/** ECS with what the requests name, new for each of them. */
const ecs: Engine = async (operation, input) => {
  const world = aWorld();
  ecsBases(world);
  try {
    world.engine.handle(operation, input);
    return "taken";
  } catch (error) {
    // Whatever else is thrown is a bug.
    if (!(error instanceof EcsError)) throw error;
    return `refused: ${error.code}`;
  }
};

async function balancers() {
  let drawn = 0;
  const hex = (digits: number) => `${drawn++}`.padStart(digits, "0");
  const model = createElbModel({ region: "eu-west-1", account: "000000000000", nowMs: () => 0, hex });
  const api = elbApi(model);
  const bases = await elbBases(async (action, input) => {
    const { body } = await api({ action, parameters: queryForm(action, input) });
    return body;
  });
  return { api, bases };
}

const elb: Engine = async (operation, input) => {
  const { api } = await balancers();
  const { status, body } = await api({ action: operation, parameters: queryForm(operation, input) });
  if (status === 200) return "taken";
  expect(status, body).toBe(400);
  return `refused: ${/<Code>(\w+)/.exec(body)?.[1] ?? "?"}`;
};

const logs: Engine = async (operation, input) => {
  const headers = { "x-amz-target": `Logs_20140328.${operation}` };
  const request = { method: "POST", path: "/", host: "", accessKey: "", signal: new AbortController().signal };
  const answer = logsService(logGroups(["/shop"]))({ ...request, headers, body: JSON.stringify(input) });
  const { status, body } = await answer;
  return status === 200 ? "taken" : `refused: ${(JSON.parse(body) as { readonly __type: string }).__type}`;
};

interface Case {
  readonly service: ServiceName;
  readonly engine: Engine;
  readonly bases: Bases;
  /** What a client cannot say in this protocol: everything is text. */
  readonly isSaid: (mutant: Mutant) => boolean;
}

const cases: readonly Case[] = [
  { service: "ecs", engine: ecs, bases: ecsBases(aWorld()), isSaid: () => true },
  {
    service: "elbv2",
    engine: elb,
    bases: (await balancers()).bases,
    isSaid: ({ rule, input }) => rule !== "type" || input === "text",
  },
  { service: "logs", engine: logs, bases: logsBases, isSaid: () => true },
];

/** Every mutant of every request of an operation, but what stands for no member at all. */
function mutantsOf({ service, bases, isSaid }: Case, operation: string): readonly Mutant[] {
  const model = modelOf(service);
  const shape = model.operations[operation]?.input ?? "";
  const all = (bases[operation] ?? []).flatMap((base) => mutants(model, shape, base));
  return all.filter((mutant) => mutant.path !== "" && isSaid(mutant));
}

describe.for(cases)("$service", (its) => {
  const { service, engine, bases } = its;

  test("has requests of every operation, which keep to the model and are taken", async () => {
    expect(Object.keys(bases).toSorted()).toEqual([...operations[service]]);
    for (const [operation, requests] of Object.entries(bases))
      for (const request of requests) {
        const shape = modelOf(service).operations[operation]?.input ?? "";
        expect(checkShape(modelOf(service), shape, request).breaches, operation).toEqual([]);
        expect(await engine(operation, request), `${operation} ${JSON.stringify(request)}`).toBe("taken");
      }
  });

  test("is tried with requests that break a rule of each kind", () => {
    const rules = operations[service].flatMap((operation) => mutantsOf(its, operation).map(({ rule }) => rule));
    expect(new Set(rules).size).toBeGreaterThan(4);
  });

  test.for(operations[service])("%s is refused when one member of it breaks the model", async (operation) => {
    const taken: string[] = [];
    for (const { path, rule, input } of mutantsOf(its, operation)) {
      const isWrong = checkShape(modelOf(service), modelOf(service).operations[operation]?.input ?? "", input);
      expect(isWrong.breaches.length, `${path} ${rule}`).toBeGreaterThan(0);
      if ((await engine(operation, input)) === "taken") taken.push(`${path}: ${rule}`);
    }
    expect([...new Set(taken)]).toEqual([]);
  });
});

describe("ECS refuses what AWS documents that it refuses", () => {
  const rows = brokenRequests.filter(({ of }) => of.startsWith("ecs "));

  test.for(rows)("$of: $says", async ({ of, request, says }) => {
    const operation = of.slice("ecs ".length);
    const base = ecsBases(aWorld())[operation]?.[0] ?? {};
    // All else as it should be: what is refused is what the row is about.
    const known = operation === "RunTask" && (request as { taskDefinition?: unknown }).taskDefinition === "a:1";
    const alone = says.includes("is required") || operation === "ListTasks" ? {} : base;
    const input = { ...alone, ...request, ...(known && { taskDefinition: base.taskDefinition }) };
    if (says.includes("is no member")) return;
    expect(await ecs(operation, input)).toMatch(/^refused: /);
  });
});

test("the engine looks at every member of ECS's requests but these, which nobody here sends", () => {
  const { shapes: _, ...model } = modelOf("ecs");
  const unseen = operations.ecs.flatMap((operation) => {
    const { members = {} } = shapeOf(modelOf("ecs"), model.operations[operation]?.input ?? "");
    const { shape } = inputs[operation as keyof typeof inputs]._zod.def;
    return Object.keys(members).flatMap((name) => (name in shape ? [] : [`${operation}.${name}`]));
  });
  expect(unseen.toSorted()).toEqual([
    "CreateCluster.capacityProviders",
    "CreateCluster.configuration",
    "CreateCluster.defaultCapacityProviderStrategy",
    "CreateCluster.serviceConnectDefaults",
    "CreateCluster.settings",
    "ListTasks.daemonName",
    "RegisterTaskDefinition.enableFaultInjection",
    "RegisterTaskDefinition.inferenceAccelerators",
    "RegisterTaskDefinition.ipcMode",
    "RegisterTaskDefinition.pidMode",
    "RegisterTaskDefinition.proxyConfiguration",
    "RegisterTaskDefinition.trustedExecutionConfiguration",
    "RunTask.platformVersion",
    "RunTask.referenceId",
    "RunTask.volumeConfigurations",
  ]);
});
