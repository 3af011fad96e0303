// Writes the service models in services/: `node cli/launch.js test/models/generate.ts`. AWS publishes them with its
// SDKs; botocore's copies are the ones that carry lengths, patterns and required members. Nothing but this reads the network.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { operations, type ServiceName } from "./operations.ts";

const version = "1.44.5";
const sha256 = "8f16a56d1dff125dd65322ae021efa7ba5195a6db5102b96862566055b748921";

/** What of a shape is a rule for values; its documentation and its traits for code generators are left out. */
const ruleNames = ["type", "required", "enum", "min", "max", "pattern", "union", "timestampFormat"] as const;

interface Reference {
  readonly shape: string;
}

interface Shape extends Readonly<Record<(typeof ruleNames)[number], unknown>> {
  readonly members?: Readonly<Record<string, Reference>>;
  readonly member?: Reference;
  readonly key?: Reference;
  readonly value?: Reference;
  readonly error?: { readonly code?: string };
}

interface Model {
  readonly metadata: { readonly apiVersion: string; readonly serviceFullName: string };
  readonly operations: Readonly<
    Record<string, { readonly input?: Reference; readonly output?: Reference; readonly errors?: readonly Reference[] }>
  >;
  readonly shapes: Readonly<Record<string, Shape>>;
}

const directory = mkdtempSync(join(tmpdir(), "longshore-models-"));
try {
  unpack(directory);
  for (const service of Object.keys(operations) as readonly ServiceName[])
    write(service, readModel(directory, service));
} finally {
  rmSync(directory, { recursive: true });
}

/** Gets botocore of exactly that version and content from PyPI. */
function unpack(into: string): void {
  const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", `--dest=${into}`];
  execFileSync("python3", [...pip, `botocore==${version}`], { stdio: ["ignore", "inherit", "inherit"] });
  const [wheel = ""] = readdirSync(into).filter((name) => name.endsWith(".whl"));
  const found = createHash("sha256")
    .update(readFileSync(join(into, wheel)))
    .digest("hex");
  if (found !== sha256) throw new Error(`botocore ${version} must have the SHA-256 ${sha256}, got ${found}`);
  execFileSync("python3", ["-m", "zipfile", "-e", join(into, wheel), into]);
}

function readModel(from: string, service: ServiceName): Model {
  const home = join(from, "botocore", "data", service);
  const [latest = ""] = readdirSync(home).toSorted().toReversed();
  return JSON.parse(gunzipSync(readFileSync(join(home, latest, "service-2.json.gz"))).toString());
}

function write(service: ServiceName, model: Model): void {
  const kept = operations[service].map((name) => [name, operationOf(model, name)] as const);
  const shapes = new Map<string, object>();
  for (const [, { input, output, errors }] of kept)
    for (const shape of [input, output, ...Object.values(errors)]) if (shape) keep(model, shape, shapes);
  const source = {
    of: `${model.metadata.serviceFullName} ${model.metadata.apiVersion}`,
    from: `botocore ${version} (PyPI), botocore/data/${service}/${model.metadata.apiVersion}/service-2.json.gz`,
    license: "Apache-2.0",
    by: "test/models/generate.ts",
  };
  const sections = [
    `"source": ${JSON.stringify(source)}`,
    `"operations": ${lines(kept)}`,
    `"shapes": ${lines([...shapes].toSorted(([a], [b]) => (a < b ? -1 : 1)))}`,
  ];
  writeFileSync(fileURLToPath(new URL(`services/${service}.json`, import.meta.url)), `{\n${sections.join(",\n")}\n}\n`);
  console.log(`${service}: ${kept.length} operations, ${shapes.size} shapes`);
}

function operationOf(model: Model, name: string) {
  const found = model.operations[name];
  if (!found) throw new Error(`the model of ${model.metadata.serviceFullName} has no operation ${name}`);
  const codes = (found.errors ?? []).map(({ shape }) => [model.shapes[shape]?.error?.code ?? shape, shape]);
  return {
    ...(found.input && { input: found.input.shape }),
    ...(found.output && { output: found.output.shape }),
    errors: Object.fromEntries(codes) as Record<string, string>,
  };
}

/** The shape and all that it refers to. */
function keep(model: Model, name: string, kept: Map<string, object>): void {
  const shape = model.shapes[name];
  if (!shape || kept.has(name)) return;
  const { members, member, key, value } = shape;
  kept.set(name, {
    ...Object.fromEntries(ruleNames.flatMap((rule) => (shape[rule] === undefined ? [] : [[rule, shape[rule]]]))),
    ...(members && { members: Object.fromEntries(Object.entries(members).map(([its, to]) => [its, to.shape])) }),
    ...(member && { member: member.shape }),
    ...(key && { key: key.shape }),
    ...(value && { value: value.shape }),
  });
  for (const next of [...Object.values(members ?? {}), member, key, value]) if (next) keep(model, next.shape, kept);
}

/** One entry a line, so that a change of a model reads as one. */
function lines(entries: readonly (readonly [string, object])[]): string {
  return `{\n${entries.map(([name, content]) => `  ${JSON.stringify(name)}: ${JSON.stringify(content)}`).join(",\n")}\n}`;
}
