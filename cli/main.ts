import { enableCompileCache } from "node:module";
import { run } from "./program.ts";
import { processSession } from "./session.ts";

// Most of a short command's time is loading code: the next one finds it compiled.
enableCompileCache();

process.exitCode = await run(process.argv.slice(2), processSession());
