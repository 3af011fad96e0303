import { createRequire } from "node:module";
import { type Command, CommanderError } from "commander";
import { CommandError } from "./command-error.ts";
import { command, stackOption } from "./command-parts.ts";
import { type ExitCode, exit, exitCodes } from "./exit-codes.ts";
import { errorLine } from "./render/messages.ts";
import type { Session } from "./session.ts";
import { addCosts } from "./syntax/costs.ts";
import { addLooking } from "./syntax/looking.ts";
import { addRollouts } from "./syntax/rollouts.ts";
import { addWishes } from "./syntax/wishes.ts";

/** Runs one command line, without the program's name, and tells what went wrong. Never throws. */
export async function run(args: readonly string[], session: Session): Promise<ExitCode> {
  let code: ExitCode = exit.done;
  const program = buildProgram(session, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    return explain(error, session);
  }
}

function explain(error: unknown, { progress }: Session): ExitCode {
  // Help and version end this way too; whatever else Commander refuses is a mistyped command line, and was told.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.invalid;
  const isKnown = error instanceof CommandError;
  const told = isKnown ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  progress.write(errorLine(told, progress));
  return isKnown ? error.exitCode : exit.fault;
}

/** The command line: every command with its options and an example. What a command needs is loaded when it runs. */
export function buildProgram(session: Session, end: (code: ExitCode) => void): Command {
  const program = command(undefined, "longshore", "Runs containers on Amazon ECS without control-plane servers.", [
    "longshore dev",
    "longshore apply -f examples/web/service.yaml --wait",
  ])
    .configureOutput({
      writeOut: (text) => session.out.write(text),
      writeErr: (text) => session.progress.write(text),
      getOutHasColors: () => session.out.hasColours,
      getErrHasColors: () => session.progress.hasColours,
      getOutHelpWidth: () => Math.min(100, session.out.columns),
      getErrHelpWidth: () => Math.min(100, session.progress.columns),
    })
    .exitOverride()
    .helpCommand(false)
    .addOption(stackOption())
    .hook("preAction", (whole, meant) => {
      // Commander gives an option that both have to the program, wherever it stands.
      if (whole.opts().stack !== undefined) meant.setOptionValue("stack", whole.opts().stack);
    })
    .version(readVersion(), "-V, --version", "show the version")
    .addHelpText(
      "after",
      () =>
        `\nExit codes:\n${exitCodes.map(({ code, meaning }) => `  ${`${code}`.padEnd(5)}${meaning.replaceAll("`", "")}\n`).join("")}`,
    );
  for (const add of [addWishes, addRollouts, addLooking, addCosts]) add(program, { session, end });
  return program;
}

/** By the package's own name: compiled code lies deeper than its sources. */
function readVersion(): string {
  return createRequire(import.meta.url)("longshore/package.json").version;
}
