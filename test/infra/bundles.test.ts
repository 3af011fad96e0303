import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { buildBundles, bundleOf } from "../../infra/bundles.ts";
import { functionNames } from "../../infra/names.ts";

/** The least that a deployed function is told. */
const environment = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "key",
  AWS_SECRET_ACCESS_KEY: "secret",
  LONGSHORE_INSTALL: "longshore",
  LONGSHORE_CLUSTER: "longshore",
  LONGSHORE_TABLE: "longshore",
  LONGSHORE_WORK_QUEUE_URL: "https://sqs/work",
  LONGSHORE_DISPATCH_QUEUE_URL: "https://sqs/dispatch",
  LONGSHORE_OBSERVATIONS_QUEUE_URL: "https://sqs/observations",
};

describe.for(functionNames.map((name) => ({ name })))("the bundle of $name", ({ name }) => {
  const file = join(bundleOf(name), "index.mjs");

  test("is at most 1 MB, with its source map beside", () => {
    expect(statSync(file).size).toBeLessThanOrEqual(1_000_000);
    expect(readFileSync(file, "utf8").trimEnd()).toMatch(/\/\/# sourceMappingURL=index\.mjs\.map$/);
    const { sources } = JSON.parse(readFileSync(`${file}.map`, "utf8")) as { readonly sources: readonly string[] };
    expect(sources).toContain(`../../../lambdas/${name}.ts`);
    // Nothing of the directory that it was built in.
    expect(sources.filter((source) => !source.startsWith("../../../"))).toEqual([]);
  });

  test("offers its handler where nothing else is installed", () => {
    const program = `import(${JSON.stringify(file)}).then((found) => process.stdout.write(typeof found.handler));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--eval", program], {
      encoding: "utf8",
      env: environment,
      cwd: "/",
    });
    expect({ stdout, stderr }).toEqual({ stdout: "function", stderr: "" });
  });
});

describe("bundles that are built again", () => {
  const files = functionNames.map((name) => join(bundleOf(name), "index.mjs"));
  let before: readonly { readonly mtimeMs: number }[];
  beforeAll(() => {
    before = files.map((file) => statSync(file));
    buildBundles();
  });

  test("are equal, and left alone", () => {
    expect(files.map((file) => statSync(file).mtimeMs)).toEqual(before.map(({ mtimeMs }) => mtimeMs));
    expect(files.every((file) => existsSync(file))).toBe(true);
  });
});
