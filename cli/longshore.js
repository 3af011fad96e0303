#!/usr/bin/env node
// The command `longshore`: in a clone from its sources, in a package, which has none, as it was compiled.
import { existsSync } from "node:fs";
import { launch, launchCompiled } from "./launch.js";

const isClone = existsSync(new URL("main.ts", import.meta.url));
if (isClone) launch("cli/main.ts", process.argv.slice(2));
else await launchCompiled("dist/cli/main.js", process.argv.slice(2));
