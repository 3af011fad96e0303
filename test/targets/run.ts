// Holds the product against an AWS that nobody here wrote: `npm run test:aws -- --target moto`. What the AWS really does
// is found out first and printed; what it lacks comes from the local cluster.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { endpointOf } from "../../aws/client-settings.ts";
import { type Target, targetVariable } from "../support/target.ts";
import { startJava } from "./java.ts";
import { startLocal } from "./local.ts";
import { startLocalstack } from "./localstack.ts";
import { matrixText, mixText } from "./matrix.ts";
import { missingForJava } from "./maven.ts";
import { startMiniStackTarget } from "./ministack.ts";
import { mixOf, type Origin } from "./mix.ts";
import { startMoto } from "./moto.ts";
import type { ServiceFindings } from "./probe/capability.ts";
import { type Need, probe } from "./probe/probe.ts";
import type { StartedTarget } from "./started-target.ts";
import { type Counts, runTests } from "./suites.ts";
import { startUrl } from "./url.ts";

const targets: ReadonlyMap<string, () => Promise<StartedTarget>> = new Map([
  ["local", startLocal],
  ["ministack", startMiniStackTarget],
  ["moto", startMoto],
  ["localstack", startLocalstack],
  ["java", startJava],
]);

const options = { target: { type: "string" }, "without-deployed": { type: "boolean" } } as const;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Which contract is held against which service. */
const contracts: Readonly<Record<string, readonly string[]>> = {
  DYNAMODB: ["test/contract/store.dynamodb.test.ts"],
  SQS: ["test/contract/queues.sqs.test.ts", "test/contract/metrics.sqs.test.ts"],
  ECS: ["test/contract/tasks.ecs.test.ts"],
  ELASTIC_LOAD_BALANCING_V2: ["test/contract/targets.elb.test.ts"],
};

process.exitCode = await run(process.argv.slice(2));

async function run(args: string[]): Promise<number> {
  const values = read(args);
  if (values === undefined) return 2;
  const { target: name = "", "without-deployed": withoutDeployed = false } = values;
  const start = targets.get(name) ?? (/^https?:\/\//.test(name) ? () => startUrl(name) : undefined);
  if (!start) {
    console.error(`--target must be ${[...targets.keys()].join(", ")} or the URL of an AWS endpoint, got "${name}"`);
    return 2;
  }
  const missing = name === "java" ? missingForJava() : undefined;
  if (missing) {
    console.error(`${name}: nothing was run: ${missing} is missing; install a JDK of 17 or later, and Maven`);
    return 1;
  }
  const counts = await heldAgainst(name, await start());
  // Its own MiniStack is deployed to: the whole product runs there.
  const config = here("../deployed/vitest.config.ts");
  if (name === "ministack" && existsSync(config)) {
    if (withoutDeployed) console.log("the product is not deployed: --without-deployed");
    else counts.push(await runTests(config, [], {}));
  }
  return tell(name, counts);
}

/** The options that are given; undefined: they cannot be, and why was told. */
function read(args: string[]) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [why = ""] = error.message.split(/[.\n]/, 1);
    const told = why.charAt(0).toLowerCase() + why.slice(1).replaceAll("'", "");
    console.error(`${told}; --target NAME or --target URL, and --without-deployed are allowed`);
    return undefined;
  }
}

/** Probes the target, then runs every suite that can be held against it. */
async function heldAgainst(name: string, started: StartedTarget): Promise<Counts[]> {
  try {
    const found = await probed(started);
    const mix = mixOf(found);
    const lacks = found.flatMap(({ findings }) =>
      findings.flatMap((each) => (each.lack === undefined ? [] : (each.name as Need))),
    );
    console.log(matrixText(started.title, found));
    if (name === "local") return [await runTests(here("vitest.config.ts"), [], {})];
    console.log(mixText(mix, name));
    const target: Target = {
      name,
      variables: variablesOf(started, mix, ({ isTargets }) => isTargets),
      offered: variablesOf(started, mix, ({ isOffered }) => isOffered),
      lacks,
      ...(started.program && { program: started.program }),
    };
    const offered = mix.filter(({ isOffered }) => isOffered).flatMap(({ variable = "" }) => contracts[variable] ?? []);
    const environment = { [targetVariable]: JSON.stringify(target) };
    return [await runTests(here("vitest.config.ts"), ["test/integration", ...offered], environment)];
  } finally {
    await started.close();
  }
}

/** What the target does. Whoever ends us meanwhile ends it too; later, the tests that run see to that. */
async function probed(started: StartedTarget): Promise<readonly ServiceFindings[]> {
  const end = () => void started.close().finally(() => process.exit(1));
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, end);
  try {
    return await probe(started);
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
}

/** Endpoints of the services that are meant, and the credentials. */
function variablesOf({ variables }: StartedTarget, mix: readonly Origin[], isMeant: (origin: Origin) => boolean) {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = variables;
  const endpoints = mix.filter(isMeant).map(({ variable = "" }) => {
    return [`AWS_ENDPOINT_URL_${variable}`, endpointOf(variables, variable).endpoint ?? ""];
  });
  return {
    ...(AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY && { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }),
    ...Object.fromEntries(endpoints),
  };
}

/** Says what was run and what was not, and why; answers the exit code. */
function tell(name: string, all: readonly Counts[]): number {
  const sum = (of: (counts: Counts) => number) => all.reduce((total, counts) => total + of(counts), 0);
  const skipped = all.flatMap((counts) => counts.skipped);
  for (const title of skipped) console.log(`not run: ${title}`);
  const [passed, failed] = [sum((counts) => counts.passed), sum((counts) => counts.failed)];
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped.length} not run`);
  return failed === 0 && passed > 0 ? 0 : 1;
}
