import type { Command } from "commander";
import {
  command,
  following,
  namespaceOption,
  objectWords,
  reading,
  serviceWords,
  sinceOption,
} from "../command-parts.ts";
import type { GetOptions } from "../commands/get.ts";
import type { LogsOptions } from "../commands/logs.ts";
import type { FollowOptions } from "../options.ts";
import type { Adding } from "./adding.ts";

/** Adds the commands that show what is so, and what happened. */
export function addLooking(program: Command, adding: Adding): void {
  for (const add of [addGet, addDescribe, addEvents, addLogs]) add(program, adding);
}

function addGet(program: Command, { session, end }: Adding): void {
  const get = command(program, "get", "list services, tasks, revisions, nodes or grants", ["longshore get services"]);
  get.showHelpAfterError("(services, tasks, revisions, nodes and grants can be got; --help shows how)");
  type Lister = "getServices" | "getTasks" | "getNodes";
  const list = (lister: Lister) => async (name: string | undefined, options: GetOptions) =>
    end(await (await import("../commands/get.ts"))[lister](name, options, session));

  reading(command(get, "services", "list services", ["longshore get services -n shop"]).alias("service"))
    .argument("[name]", "<namespace>/<name>, or a name")
    .addOption(namespaceOption)
    .action(list("getServices"));
  reading(command(get, "tasks", "list the tasks that have not stopped", ["longshore get tasks shop/web"]).alias("task"))
    .argument("[service]", "only its tasks: <namespace>/<name>, or a name")
    .addOption(namespaceOption)
    .action(list("getTasks"));
  const revisions = command(get, "revisions", "list what a service ran, as rollout history does", [
    "longshore get revisions shop/web",
  ]).alias("revision");
  reading(serviceWords(revisions)).action(async (words: readonly string[], options: GetOptions) => {
    const { revisions } = await import("../commands/revisions.ts");
    end(await revisions(words, options, session));
  });
  reading(command(get, "nodes", "list the machines for tasks", ["longshore get nodes --json"]).alias("node"))
    .argument("[node]", "the start of a node's id, or its EC2 instance")
    .option("--cluster <name>", "of which cluster; if absent, of the install's own")
    .action(list("getNodes"));
  reading(command(get, "grants", "list who may do what", ["longshore get grants shop"]).alias("grant"))
    .argument("[namespace]", "only what counts in it")
    .addOption(namespaceOption)
    .action(async (name: string | undefined, options: GetOptions) => {
      const { getGrants } = await import("../commands/grants.ts");
      end(await getGrants(name, options, session));
    });
}

function addDescribe(program: Command, { session, end }: Adding): void {
  const describe = command(
    program,
    "describe",
    "show all about one service, a namespace or the install: what is wanted and so, who may do what, recent events",
    ["longshore describe service shop/web", "longshore describe namespace shop", "longshore describe install"],
  );
  reading(objectWords(describe)).action(async (words: readonly string[], options: GetOptions) => {
    const { describe } = await import("../commands/describe.ts");
    end(await describe(words, options, session));
  });
}

function addEvents(program: Command, { session, end }: Adding): void {
  const events = command(program, "events", "show what happened to a service in the last two weeks", [
    "longshore events shop/web -f",
  ]);
  following(serviceWords(events), "events").action(async (words: readonly string[], options: FollowOptions) => {
    const { events } = await import("../commands/events.ts");
    end(await events(words, options, session));
  });
}

function addLogs(program: Command, { session, end }: Adding): void {
  const logs = command(program, "logs", "show what the containers of a service wrote", [
    "longshore logs shop/web -f",
    "longshore logs shop/web --task 0123456789ab --container app --since 10m",
  ]);
  following(serviceWords(logs), "lines; if absent at most 10000")
    .option("--task <id>", "only of this task: the start of its id")
    .option("--container <name>", "only of this container")
    .addOption(sinceOption)
    .action(async (words: readonly string[], options: LogsOptions) => {
      const { logs } = await import("../commands/logs.ts");
      end(await logs(words, options, session));
    });
}
