#!/usr/bin/env node
// The command `longshore`: starts cli/main.ts on Node 24.
import { launch } from "./launch.js";

launch("cli/main.ts", process.argv.slice(2));
