import { readFileSync } from "node:fs";
import { type Command, CommanderError } from "commander";
import { CommandError } from "./command-error.ts";
import {
  command,
  fileOption,
  namespaceOption,
  portOption,
  reading,
  replicasOption,
  sending,
  serviceWords,
} from "./command-parts.ts";
import type { ApplyOptions } from "./commands/apply.ts";
import type { DeleteOptions } from "./commands/delete.ts";
import type { DevOptions } from "./commands/dev.ts";
import type { GetOptions } from "./commands/get.ts";
import type { ScaleOptions } from "./commands/scale.ts";
import { type ExitCode, exit, exitCodes } from "./exit-codes.ts";
import type { SendOptions } from "./options.ts";
import { errorLine } from "./render.ts";
import type { Session } from "./session.ts";

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
    .version(readVersion(), "-V, --version", "show the version")
    .addHelpText(
      "after",
      () =>
        `\nExit codes:\n${exitCodes.map(({ code, meaning }) => `  ${`${code}`.padEnd(5)}${meaning.replaceAll("`", "")}\n`).join("")}`,
    );
  for (const add of [addDev, addApply, addGet, addDescribe, addScale, addDelete, addSend]) add(program, session, end);
  return program;
}

function readVersion(): string {
  return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
}

type Add = (program: Command, session: Session, end: (code: ExitCode) => void) => void;

const addDev: Add = (program, session, end) => {
  command(program, "dev", "run a whole cluster on this machine, until ctrl-C", ["longshore dev --port 4567"])
    .addOption(portOption)
    .option("--no-events", "lose every event of ECS: the sweep alone finds what changed")
    .option("--output", "show what tasks write, too")
    .option("--json", "one JSON object a line")
    .action(async (options: DevOptions) => {
      const { dev } = await import("./commands/dev.ts");
      end(await dev(options, session));
    });
};

const addApply: Add = (program, session, end) => {
  const apply = command(program, "apply", "create or change the services that manifests describe", [
    "longshore apply -f examples/web/service.yaml --wait",
    "cat service.yaml | longshore apply -f -",
  ]);
  sending(
    apply.addOption(fileOption("manifests").makeOptionMandatory()),
    "until the deployments are live, or one failed",
  )
    .option("--yes", "a large reduction is meant")
    .action(async (options: ApplyOptions) => {
      const { apply } = await import("./commands/apply.ts");
      end(await apply(options, session));
    });
};

const addGet: Add = (program, session, end) => {
  const get = command(program, "get", "list services, tasks or nodes", ["longshore get services"]);
  get.showHelpAfterError("(services, tasks and nodes can be got; --help shows how)");
  type Lister = "getServices" | "getTasks" | "getNodes";
  const list = (lister: Lister) => async (name: string | undefined, options: GetOptions) =>
    end(await (await import("./commands/get.ts"))[lister](name, options, session));

  reading(command(get, "services", "list services", ["longshore get services -n shop"]).alias("service"))
    .argument("[name]", "<namespace>/<name>, or a name")
    .addOption(namespaceOption)
    .action(list("getServices"));
  reading(command(get, "tasks", "list the tasks that have not stopped", ["longshore get tasks shop/web"]).alias("task"))
    .argument("[service]", "only its tasks: <namespace>/<name>, or a name")
    .addOption(namespaceOption)
    .action(list("getTasks"));
  reading(command(get, "nodes", "list the machines for tasks", ["longshore get nodes --json"]).alias("node"))
    .argument("[node]", "the start of a node's id, or its EC2 instance")
    .option("--cluster <name>", "of which cluster; if absent, of the one that is called as the install")
    .action(list("getNodes"));
};

const addDescribe: Add = (program, session, end) => {
  const describe = command(program, "describe", "show all about one service: spec, conditions, tasks, recent events", [
    "longshore describe service shop/web",
  ]);
  reading(serviceWords(describe)).action(async (words: readonly string[], options: GetOptions) => {
    const { describe } = await import("./commands/describe.ts");
    end(await describe(words, options, session));
  });
};

const addScale: Add = (program, session, end) => {
  const scale = command(program, "scale", "change how many tasks a service has", [
    "longshore scale service shop/web --replicas 5 --wait",
  ]);
  sending(serviceWords(scale).addOption(replicasOption), "until so many tasks are available")
    .option("--yes", "a large reduction is meant")
    .action(async (words: readonly string[], options: ScaleOptions) => {
      const { scale } = await import("./commands/scale.ts");
      end(await scale(words, options, session));
    });
};

const addDelete: Add = (program, session, end) => {
  const remove = command(program, "delete", "delete services, and so stop their tasks", [
    "longshore delete service shop/web --wait",
    "longshore delete -f examples/web/service.yaml --yes",
  ]);
  sending(
    serviceWords(remove, "optional").addOption(fileOption("instead of a name: manifests")),
    "until nothing is left of them",
  )
    .option("--yes", "do not ask")
    .action(async (words: readonly string[], options: DeleteOptions) => {
      const { remove } = await import("./commands/delete.ts");
      end(await remove(words, options, session));
    });
};

const addSend: Add = (program, session, end) => {
  const send = command(program, "send", "send a CloudEvent as it is, and show its result", [
    "longshore send event.json",
  ]);
  sending(
    send.argument("<file>", "one CloudEvent as JSON, or - for standard input"),
    "until the deployment is live, or has failed",
  ).action(async (file: string, options: SendOptions) => {
    const { send } = await import("./commands/send.ts");
    end(await send(file, options, session));
  });
};
