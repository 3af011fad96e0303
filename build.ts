// Builds what `npm pack` packs: compiled JavaScript and types, since Node strips no types under node_modules, and the
// functions' bundles, since esbuild is no dependency of the package.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildBundles } from "./infra/bundles.ts";

const root = import.meta.dirname;
const { include } = JSON.parse(readFileSync(join(root, "tsconfig.build.json"), "utf8")) as { include: string[] };

// What was compiled from a file that is gone would be packed. Bundles are replaced one by one: somebody may read them.
for (const room of include) rmSync(join(root, "dist", room), { recursive: true, force: true });
const tsc = [join(root, "cli/launch.js"), "tsc", "-p", join(root, "tsconfig.build.json")];
const { status } = spawnSync(process.execPath, tsc, { stdio: "inherit" });
if (status === 0) buildBundles();
process.exitCode = status ?? 1;
