import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { functionNames } from "../../infra/names.ts";
import { makeScratchApp, root, type ScratchApp } from "./scratch-app.ts";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

let app: ScratchApp;
beforeAll(async () => {
  app = await makeScratchApp();
}, 600_000);
afterAll(() => app?.remove());

describe("the package", () => {
  test("has what was compiled, the command and the bundles: no sources, no tests", () => {
    const paths = app.packed.files.map(({ path }) => path);
    expect(paths.length).toBeGreaterThan(300);
    const expected = [
      /^(package\.json|README\.md|LICENSE|cli\/(launch|longshore)\.js)$/,
      /^dist\/(core|steps|aws|lambdas|infra|cli|sim|local)\/[a-z0-9/-]+\.(js|d\.ts)$/,
      /^dist\/functions\/[a-z]+\/index\.mjs(\.map)?$/,
    ];
    expect(paths.filter((path) => !expected.some((pattern) => pattern.test(path)))).toEqual([]);
    for (const name of functionNames) expect(paths).toContain(`dist/functions/${name}/index.mjs`);
  });

  test("has every file that it exports, or starts", () => {
    const targets = [...Object.values(manifest.exports), manifest.bin].flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(target as object),
    );
    expect(targets.length).toBeGreaterThan(3);
    const paths = new Set(app.packed.files.map(({ path }) => path));
    expect(targets.filter((target) => !paths.has(target.replace("./", "")))).toEqual([]);
  });

  test("makes nobody install the CDK who only wants the command", async () => {
    const lock = JSON.parse(await readFile(join(app.directory, "package-lock.json"), "utf8"));
    const installed = Object.keys(lock.packages).map((path) => path.replace("node_modules/", ""));
    expect(installed).toContain("commander");
    expect(installed.filter((name) => /^(aws-cdk-lib|constructs|esbuild|typescript|vitest)$/.test(name))).toEqual([]);
  });
});

describe("somebody's CDK app", () => {
  beforeAll(async () => {
    await app.write(
      "shop.ts",
      `import { App, Stack } from "aws-cdk-lib";
import { Longshore } from "longshore/infra";

const app = new App({ outdir: "cdk.out" });
new Longshore(new Stack(app, "Shop"), "Longshore");
// @ts-expect-error: the package's types are read
new Longshore(new Stack(app, "Wrong"), "Longshore", { install: 1 });
`,
    );
    const compilerOptions = {
      module: "nodenext",
      target: "es2024",
      strict: true,
      noEmit: true,
      types: [],
      skipLibCheck: true,
    };
    await app.write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["shop.ts"] }));
    await app.write(
      "app.js",
      `import { App, Stack } from "aws-cdk-lib";
import { Longshore } from "longshore/infra";

const app = new App({ outdir: "cdk.out" });
new Longshore(new Stack(app, "Shop"), "Longshore");
app.synth();
`,
    );
  });

  test("finds the construct's types", { timeout: 120_000 }, async () => {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    expect(await app.run(process.execPath, tsc, "-p", ".")).toBe("");
  });

  test("synthesizes a stack with the bundles that the package brings", { timeout: 120_000 }, async () => {
    await app.run(process.execPath, "app.js");
    const output = join(app.directory, "cdk.out");
    const { Resources } = JSON.parse(await readFile(join(output, "Shop.template.json"), "utf8"));
    const functions = Object.values(Resources).filter(
      (each) => (each as { Type: string }).Type === "AWS::Lambda::Function",
    );
    expect(functions).toHaveLength(functionNames.length);
    const assets = (await readdir(output)).filter((name) => name.startsWith("asset."));
    const deployed = await Promise.all(assets.map((asset) => readFile(join(output, asset, "index.mjs"), "utf8")));
    const built = functionNames.map((name) =>
      readFileSync(join(app.directory, `node_modules/longshore/dist/functions/${name}/index.mjs`), "utf8"),
    );
    expect(new Set(deployed)).toEqual(new Set(built));
  });
});

describe("its command", () => {
  const longshore = (...args: readonly string[]) => app.run("node_modules/.bin/longshore", ...args);

  test("says its version, and helps", { timeout: 60_000 }, async () => {
    expect(await longshore("--version")).toBe(`${manifest.version}\n`);
    expect(await longshore("apply", "--help")).toContain("create or change the services that manifests describe");
  });

  test("runs a cluster, and a service on it", { timeout: 120_000 }, async () => {
    const cluster = await app.start("longshore", ["dev", "--port", "0", "--json"], '"message":"started"');
    const { endpointUrl } = JSON.parse(cluster.line) as { endpointUrl: string };
    const command = ["node", "-e", "setInterval(() => {}, 1000)"];
    const container = { name: "app", image: "shop/web:1", command, cpuUnits: 64, memoryMib: 64 };
    const service = {
      apiVersion: "longshore.dev/v1",
      kind: "Service",
      metadata: { namespace: "shop", name: "web" },
      spec: { replicas: 2, task: { containers: [container] } },
    };
    await app.write("service.json", JSON.stringify(service));
    const applied = await longshore("apply", "-f", "service.json", "--wait", "--endpoint", endpointUrl);
    expect(applied).toBe("shop/web  generation 1 is live\n");
    const { tasks } = JSON.parse(await longshore("get", "tasks", "--json", "--endpoint", endpointUrl));
    expect(tasks).toHaveLength(2);
    cluster.child.kill("SIGINT");
    expect(await cluster.ended).toBe(0);
  });
});
