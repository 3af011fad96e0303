import type { Command } from "commander";
import {
  command,
  fileOption,
  portOption,
  reading,
  replicasOption,
  sending,
  serviceWords,
  timeoutOption,
} from "../command-parts.ts";
import type { ApplyOptions } from "../commands/apply.ts";
import type { DeleteOptions } from "../commands/delete.ts";
import type { DevOptions } from "../commands/dev.ts";
import type { ScaleOptions } from "../commands/scale.ts";
import type { UninstallOptions } from "../commands/uninstall.ts";
import type { SendOptions } from "../options.ts";
import type { Adding } from "./adding.ts";

/** Adds the commands that say what should exist, and the one that runs a cluster for it. */
export function addWishes(program: Command, adding: Adding): void {
  for (const add of [addDev, addApply, addScale, addDelete, addSend, addUninstall]) add(program, adding);
}

function addDev(program: Command, { session, end }: Adding): void {
  command(program, "dev", "run a whole cluster on this machine, until ctrl-C", ["longshore dev --port 4567"])
    .addOption(portOption)
    .option("--no-events", "lose every event of ECS: the sweep alone finds what changed")
    .option("--output", "show what tasks write, too")
    .option("--json", "one JSON object a line")
    .action(async (options: DevOptions) => {
      const { dev } = await import("../commands/dev.ts");
      end(await dev(options, session));
    });
}

function addApply(program: Command, { session, end }: Adding): void {
  const apply = command(program, "apply", "create or change the services that manifests describe, or who may do what", [
    "longshore apply -f examples/web/service.yaml --wait",
    "cat service.yaml | longshore apply -f -",
  ]);
  sending(
    apply.addOption(fileOption("manifests").makeOptionMandatory()),
    "until the deployments are live, or one failed",
  )
    .option("--yes", "to take away more than half of 4 or more tasks is meant")
    .action(async (options: ApplyOptions) => {
      const { apply } = await import("../commands/apply.ts");
      end(await apply(options, session));
    });
}

function addScale(program: Command, { session, end }: Adding): void {
  const scale = command(program, "scale", "change how many tasks a service has", [
    "longshore scale service shop/web --replicas 5 --wait",
  ]);
  sending(serviceWords(scale).addOption(replicasOption), "until so many tasks are available")
    .option("--yes", "to take away more than half of 4 or more tasks is meant")
    .action(async (words: readonly string[], options: ScaleOptions) => {
      const { scale } = await import("../commands/scale.ts");
      end(await scale(words, options, session));
    });
}

function addDelete(program: Command, { session, end }: Adding): void {
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
      const { remove } = await import("../commands/delete.ts");
      end(await remove(words, options, session));
    });
}

function addSend(program: Command, { session, end }: Adding): void {
  const send = command(program, "send", "send a CloudEvent as it is, and show its result", [
    "longshore send event.json",
  ]);
  sending(
    send.argument("<file>", "one CloudEvent as JSON, or - for standard input"),
    "until the deployment is live, or has failed",
  ).action(async (file: string, options: SendOptions) => {
    const { send } = await import("../commands/send.ts");
    end(await send(file, options, session));
  });
}

function addUninstall(program: Command, { session, end }: Adding): void {
  const uninstall = command(
    program,
    "uninstall",
    "say how the stack is deleted, and what becomes of tasks; stop them first if asked",
    ["longshore uninstall --stack Longshore", "longshore uninstall --stack Longshore --stop-tasks"],
  );
  reading(uninstall)
    .option("--stop-tasks", "delete every service, and wait until their tasks are gone; without it nothing is changed")
    .addOption(timeoutOption("with --stop-tasks wait no longer, such as 90s or 5m; if absent 15m"))
    .option("--yes", "do not ask")
    .action(async (options: UninstallOptions) => {
      const { uninstall } = await import("../commands/uninstall.ts");
      end(await uninstall(options, session));
    });
}
