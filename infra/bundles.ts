import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";
import { type FunctionName, functionNames } from "./names.ts";

/** From sources the bundles are built; the published package, which is compiled, brings them built. */
const runsFromSources = import.meta.url.endsWith(".ts");
const above = fileURLToPath(new URL("..", import.meta.url));

/** Where the bundle of each function is: `<name>/index.mjs`, and its source map beside. */
export const bundlesDirectory = join(above, runsFromSources ? "dist/functions" : "functions");

/** The directory of a function's bundle, built now where this runs from sources. */
export function bundleOf(name: FunctionName): string {
  if (runsFromSources) buildOnce();
  return join(bundlesDirectory, name);
}

let built = false;

function buildOnce(): void {
  if (!built) buildBundles();
  built = true;
}

/**
 * Builds the bundles from sources. Equal sources give equal bytes, whatever the directory they lie in; a file that is
 * there already as it should be is left alone, so that builds at the same time do not disturb each other.
 */
export function buildBundles(): void {
  const { outputFiles } = esbuild().buildSync({
    ...bundling,
    absWorkingDir: above,
    entryPoints: functionNames.map((name) => ({ in: `lambdas/${name}.ts`, out: `${name}/index` })),
    outdir: bundlesDirectory,
    alias: { "@aws-sdk/credential-provider-node": join(above, "infra/no-credential-chain.ts") },
    write: false,
  });
  for (const { path, contents } of outputFiles) writeWhole(path, contents);
}

/** How a module and all that it imports become one file for Lambda, with a source map beside. */
export const bundling = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node24",
  format: "esm",
  outExtension: { ".js": ".mjs" },
  // Packages offer modules beside CommonJS: only of those can be left out what nobody calls.
  mainFields: ["module", "main"],
  legalComments: "none",
  sourcemap: "linked",
  sourcesContent: false,
  logLevel: "error",
} as const satisfies BuildOptions;

/** esbuild is a tool of whoever builds from sources: it is no dependency of the package. */
export function esbuild(): typeof import("esbuild") {
  return createRequire(import.meta.url)("esbuild");
}

/** Nobody ever sees half a file. */
function writeWhole(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}
