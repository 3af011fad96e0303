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
    .addOption(stackOption())
    .option("--install <name>", "which install, by its name, instead of a stack; if absent longshore")
    .option("--json", "answer with one JSON document");
}

/** Options of a command that sends. @param end When a wait ends, such as `until it is live`; absent: nothing follows it. */
export function sending(made: Command, end?: string): Command {
  const parts = reading(made);
  if (end !== undefined) parts.option("--wait", `wait ${end}; without it, for the command's result alone`);
  const fallback = end === undefined ? "10s" : "5m with --wait, else 10s";
  return parts
    .addOption(timeoutOption(`wait no longer, such as 90s or 5m; if absent ${fallback}`))
    .addOption(
      new Option(
        "--if-generation <n>",
        "only if the service is at this generation; 0: only if there is none",
      ).argParser(integer("if-generation", 0, Number.MAX_SAFE_INTEGER)),
    );
}

/** Options of a command that shows lines. */
export function following(made: Command, what: string): Command {
  return reading(made)
    .option("-f, --follow", `go on with what is added, until ctrl-C; with --json one object a line`)
    .addOption(timeoutOption("follow no longer, such as 90s or 5m"))
    .addOption(new Option("--tail <n>", `only the last so many ${what}`).argParser(integer("tail", 0, 10_000)));
}

/** The stack whose install is meant. It may stand before the command's name, too. */
export function stackOption(): Option {
  return new Option("--stack <name>", "the stack that deployed the install; if absent $LONGSHORE_STACK");
}

/** How long to wait or to follow. */
export function timeoutOption(what: string): Option {
  return new Option("--timeout <duration>", what).argParser(duration("timeout"));
}

/** @see LogsOptions */
export const sinceOption = new Option("--since <duration>", "how far back, such as 10m; if absent 1h").argParser(
  duration("since"),
);

/** @see RollbackOptions */
export const toOption = new Option(
  "--to <revision>",
  "a generation, or the first 4 to 10 characters of a revision; if absent, what is proven, else what came before",
).argParser(generationOrRevision);

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

/** The argument that names a service, a namespace or the install. */
export function objectWords(made: Command): Command {
  return made
    .usage("service <namespace>/<name> | namespace <name> | install [options]")
    .argument("<object...>", "what is meant; the word service may be left out")
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

/** Reads a whole number; @param name What it is called where it is none. */
export function integer(name: string, least: number, most: number): (text: string) => number {
  const allowed = most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `${least} to ${most}`;
  return (text) => {
    const value = Number(text);
    if (/^\d{1,16}$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`${name} must be ${allowed}, got "${text}".`);
  };
}

function duration(name: string): (text: string) => number {
  return (text) => {
    const ms = parseDuration(text);
    if (ms !== undefined) return ms;
    throw new InvalidArgumentError(
      `${name} must be a number and ms, s, m or h, at most 24h, such as 90s, got "${text}".`,
    );
  };
}

/** Ten digits are a revision that happens to have no letter: no service is ever changed so often. */
function generationOrRevision(text: string): number | string {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  if (/^[0-9a-f]{4,10}$/.test(text)) return text;
  throw new InvalidArgumentError(
    `to must be a generation from 1, or the first 4 to 10 characters of a revision, got "${text}".`,
  );
}
