import { enableCompileCache } from "node:module";
import { CommandError } from "./command-error.ts";
import { exit } from "./exit-codes.ts";
import { run } from "./program.ts";
import { errorLine } from "./render.ts";
import { processSession } from "./session.ts";

// Most of a short command's time is loading code: the next one finds it compiled.
enableCompileCache();

const session = processSession();
try {
  process.exitCode = await run(process.argv.slice(2), session);
} catch (error) {
  const isKnown = error instanceof CommandError;
  const told = isKnown ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  session.progress.write(errorLine(told, session.progress));
  process.exitCode = isKnown ? error.exitCode : exit.fault;
}
