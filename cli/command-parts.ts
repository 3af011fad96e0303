import { Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "./durations.ts";

/** A command with its purpose and examples, within another. */
export function command(
  parent: Command | undefined,
  name: string,
  purpose: string,
  examples: readonly string[],
): Command {
  const made = parent === undefined ? new Command(name) : parent.command(name);
  const title = examples.length === 1 ? "Example:" : "Examples:";
  return made
    .description(purpose)
    .showHelpAfterError("(--help shows what is allowed)")
    .addHelpText("after", `\n${title}\n${examples.map((example) => `  $ ${example}`).join("\n")}`);
}

/** Options of a command that talks to an install. */
export function reading(made: Command): Command {
  return made
    .option("--endpoint <url>", "of AWS's services; if absent $AWS_ENDPOINT_URL, else the cluster of longshore dev")
    .option("--install <name>", "which install: prefixes its table and its queues", "longshore")
    .option("--json", "answer with one JSON document");
}

/** Options of a command that sends. @param end When a wait ends, such as `until it is live`. */
export function sending(made: Command, end: string): Command {
  return reading(made)
    .option("--wait", `wait ${end}; without it, for the command's result alone`)
    .addOption(
      new Option(
        "--timeout <duration>",
        "wait no longer, such as 90s or 5m; if absent 5m with --wait, else 10s",
      ).argParser(duration),
    )
    .addOption(
      new Option(
        "--if-generation <n>",
        "only if the service is at this generation; 0: only if there is none",
      ).argParser(integer("if-generation", 0, Number.MAX_SAFE_INTEGER)),
    );
}

/** The argument that names a service, after the word `service` or without it. */
export function serviceWords(made: Command, need: "required" | "optional" = "required"): Command {
  const words = need === "required" ? "<service...>" : "[service...]";
  const usage =
    need === "required" ? "[service] <namespace>/<name> [options]" : "[service] [<namespace>/<name>] [options]";
  return made
    .usage(usage)
    .argument(words, "<namespace>/<name>, or a name beside --namespace; the word service may stand before it")
    .addOption(namespaceOption);
}

/** @see GetOptions */
export const namespaceOption = new Option("-n, --namespace <name>", "of which namespace");

/** @see DevOptions */
export const portOption = new Option("--port <port>", "of its endpoint on 127.0.0.1; 0: any that is free")
  .argParser(integer("port", 0, 65_535))
  .default(4566);

/** @see ScaleOptions */
export const replicasOption = new Option("--replicas <n>", "tasks wanted, 0 to 5000")
  .argParser(integer("replicas", 0, 5000))
  .makeOptionMandatory();

/** Files with manifests. */
export function fileOption(what: string): Option {
  return new Option("-f, --file <path...>", `${what}: a file, a directory, or - for standard input; YAML or JSON`);
}

function integer(name: string, least: number, most: number): (text: string) => number {
  const allowed = most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `${least} to ${most}`;
  return (text) => {
    const value = Number(text);
    if (/^\d{1,16}$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`${name} must be ${allowed}, got "${text}".`);
  };
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError(
    `timeout must be a number and ms, s, m or h, at most 24h, such as 90s, got "${text}".`,
  );
}
