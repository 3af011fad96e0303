import { type Command, Option } from "commander";
import { command, integer } from "../command-parts.ts";
import type { CostOptions } from "../commands/cost.ts";
import type { Adding } from "./adding.ts";

/** Adds the command that tells what an install costs. */
export function addCosts(program: Command, { session, end }: Adding): void {
  const count = (name: string, what: string, most: number) =>
    new Option(`--${name} <n>`, what).argParser(integer(name, 0, most));
  command(program, "cost", "work out what a month of an install costs, by what was measured of the product", [
    "longshore cost --services 100 --tasks 1000 --rollouts-per-day 10",
    "longshore cost --services 20 --tasks 60 --queue-services 0 --json",
  ])
    .addOption(count("services", "how many services", 100_000).default(0))
    .addOption(count("tasks", "how many tasks, of all services together", 1_000_000).default(0))
    .addOption(count("rollouts-per-day", "how many rollouts a day, in all", 100_000).default(0))
    .addOption(count("queue-services", "how many follow the backlog of a queue; if absent one in ten", 100_000))
    .addOption(
      count("backlogs-per-day", "how often a day a backlog of ten tasks comes and goes, in all", 100_000).default(0),
    )
    .addOption(count("target-group-services", "how many are behind a target group; if absent all others", 100_000))
    .option("--json", "answer with one JSON document")
    .action(async (options: CostOptions) => {
      const { cost } = await import("../commands/cost.ts");
      end(await cost(options, session));
    });
}
