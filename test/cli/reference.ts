import type { Command } from "commander";
import { exitCodes } from "../../cli/exit-codes.ts";

/** The reference of a command line as Markdown: every command, argument and option, and the exit codes. */
export function reference(program: Command): string {
  return [
    "# Command line",
    "",
    "Generated from the commands themselves; `npm test -- test/cli --update` brings it up to date.",
    "",
    introduction,
    "## Exit codes",
    "",
    ...codeTable(),
    "",
    "With several services the lowest code that is not 0 counts. `longshore dev`, and what follows with `-f`, end with 0",
    "when ctrl-C stops them or the time is up.",
    "",
    ...leaves(program).flatMap((command) => section(command)),
  ].join("\n");
}

/** Padded as Biome formats Markdown. */
function codeTable(): readonly string[] {
  const width = Math.max(...exitCodes.map(({ meaning }) => meaning.length));
  const row = (code: string, meaning: string) => `| ${code.padEnd(4)} | ${meaning.padEnd(width)} |`;
  return [
    row("Code", "Means"),
    row("----", "-".repeat(width)),
    ...exitCodes.map(({ code, meaning }) => row(String(code), meaning)),
  ];
}

const introduction = `In a clone, \`npx longshore\` runs it; Node 20 or newer is enough.

It talks to an install as any client does: it sends commands to the queue \`<install>-commands.fifo\`, and reads the table
\`<install>\`. Which install: that of the stack that \`--stack\` or \`LONGSHORE_STACK\` names, whose outputs say where it is and what its
parts are called; else the one that \`--install\` names. Which endpoint: \`--endpoint\`, else \`AWS_ENDPOINT_URL\`, else AWS where
the environment names a stack, a region, a profile or a key, else the cluster of \`longshore dev\`. The AWS permissions that it needs
are \`sqs:SendMessage\` on that queue, \`dynamodb:GetItem\` and \`dynamodb:Query\` on that table and its indexes,
\`cloudformation:DescribeStacks\` on the stack where one is named and \`sqs:GetQueueUrl\` where none is, and for \`longshore logs\`
\`logs:FilterLogEvents\` on the log groups that containers write to. [deploy.md](deploy.md#who-may-use-it) has them as a policy.

Answers go to standard output, progress and errors to standard error. With \`--json\` the answer is one JSON document; what
follows with \`-f\` is one JSON object a line. Tables fit the terminal; colours appear on terminals only, and never where
\`NO_COLOR\` is set.

A manifest is YAML 1.2 or JSON, of any number of documents, at most 256 KiB a file; aliases and tags are not read, and a key
stands once in its map. All documents of all files are checked before anything is sent.

What became of a command is kept under a key that holds its sender's unique id. The local cluster's is the access key. AWS does
not tell it to a client, so it is taken from the history of the service, the namespace or the install that the command names. A
raw event that names none of these therefore ends with exit code 6 there, although it was sent.

\`longshore rollout status\` ends with the code that a wait for the same generation would end with; without \`--wait\` what is
still under way, paused or not, ends with 0. A cancel that is waited for ends with 0 when what ran before is back, since that
was asked for. After a rollback a change of the number of tasks alone, which tries nothing again, ends with 0 when so many tasks
of what runs are available.

\`longshore logs\` reads what containers wrote with the log driver \`awslogs\` and a stream prefix, which is what a container
has that names no driver where the install has a log group. The lines of several containers are put in order by their time;
each look holds what CloudWatch Logs has by then, so lines may come seconds late, and then stand after younger ones.
`;

function leaves(
  command: Command,
  names = command.name(),
): readonly { readonly command: Command; readonly names: string }[] {
  if (command.commands.length === 0) return [{ command, names }];
  return command.commands.flatMap((each) => leaves(each, `${names} ${each.name()}`));
}

function section({ command, names }: { readonly command: Command; readonly names: string }): readonly string[] {
  let text = "";
  command.configureOutput({
    writeOut: (more) => {
      text += more;
    },
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return [`## ${names}`, "", "```", text.trimEnd(), "```", ""];
}
