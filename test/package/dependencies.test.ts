import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { functionNames } from "../../infra/names.ts";
import { root } from "./scratch-app.ts";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const declared = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });

interface Loaded {
  readonly importer: string;
  readonly imported: string;
}

/** Who imports what, in all that the functions load. */
let imports: readonly Loaded[] = [];
beforeAll(async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: functionNames.map((name) => `lambdas/${name}.ts`),
    outdir: "unused",
    write: false,
    bundle: true,
    metafile: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    logLevel: "silent",
  });
  imports = Object.entries(metafile.inputs).flatMap(([importer, input]) =>
    input.imports.filter(({ external }) => !external).map(({ path }) => ({ importer, imported: path })),
  );
});

/** The package that a file belongs to; undefined: it is ours. */
function packageOf(path: string): string | undefined {
  return /(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
}

const isAwsSdk = (name: string) => /^@(aws-sdk|smithy)\//.test(name);

describe("what deployed functions load", () => {
  test("was looked at", () => {
    expect(imports.filter(({ importer }) => packageOf(importer) === undefined).length).toBeGreaterThan(200);
    expect(imports.length).toBeGreaterThan(500);
  });

  test("is imported by us from at most five packages beyond the AWS SDK, all of them declared", () => {
    const direct = new Set(
      imports
        .filter(({ importer }) => packageOf(importer) === undefined)
        .flatMap(({ imported }) => packageOf(imported) ?? []),
    );
    expect([...direct].filter((name) => !declared.includes(name))).toEqual([]);
    const beyond = [...direct].filter((name) => !isAwsSdk(name)).toSorted();
    expect(beyond).toEqual(["@aws-lambda-powertools/logger", "@aws-lambda-powertools/metrics"]);
    expect(beyond.length).toBeLessThanOrEqual(5);
  });

  test("is nothing of the local cluster, the command line or the CDK", () => {
    const rooms = /^(local|sim|cli|infra|test)\//;
    expect(imports.filter(({ imported }) => rooms.test(imported))).toEqual([]);
    const loaded = new Set(imports.flatMap(({ imported }) => packageOf(imported) ?? []));
    const others = ["fauxqs", "dynalite", "zod", "commander", "yaml", "aws-cdk-lib", "constructs"];
    expect(others.filter((name) => loaded.has(name))).toEqual([]);
  });
});

interface Component {
  readonly name: string;
  readonly version: string;
  readonly hashes?: readonly unknown[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

test("npm run sbom lists what the package brings, with versions and hashes, and marks our tools", {
  timeout: 60_000,
}, () => {
  const out = execFileSync("npm", ["run", "--silent", "sbom"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  const { components } = JSON.parse(out) as { components: readonly Component[] };
  const brought = components.filter(
    ({ properties = [] }) => !properties.some(({ name }) => name === "cdx:npm:package:development"),
  );
  const names = brought.map(({ name }) => name);
  expect(declared.filter((name) => !names.includes(name))).toEqual([]);
  expect(brought.filter(({ version, hashes = [] }) => !version || hashes.length === 0)).toEqual([]);
  expect(names.filter((name) => ["vitest", "knip", "testcontainers"].includes(name))).toEqual([]);
});
