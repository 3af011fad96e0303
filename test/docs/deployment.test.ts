import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { buildProgram } from "../../cli/program.ts";
import { optionNames, readOptions } from "../../infra/options.ts";
import { blocksOf, commandsOf, inRoot, readPage } from "./pages.ts";

const pages = ["docs/deploy.md", "docs/security.md", "docs/upgrade.md"].map((path) => ({ path, text: readPage(path) }));
const lines = pages.flatMap(({ path, text }) => commandsOf(text).map((line) => ({ path, line })));

/** Lines that run a program, whatever stands before it in the same line. */
function running(program: RegExp) {
  return lines.filter(({ line }) => program.test(line));
}

/** The words of a line as a shell would split them, as far as these pages go: `$(…)` is one word. */
function wordsOf(line: string): readonly string[] {
  return line.replace(/"?\$\([^)]*\)"?/g, "substituted").match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
}

test("there are pages, and commands on them", () => {
  expect(pages).toHaveLength(3);
  expect(lines.length).toBeGreaterThan(40);
});

describe("commands of longshore", () => {
  const ours = running(/\blongshore (?!.*\.tgz)/).filter(({ line }) => line.startsWith("npx longshore"));
  test("there are", () => expect(ours.length).toBeGreaterThan(12));

  test.for(ours)("$line", async ({ line }) => {
    const words = wordsOf(line).slice(2);
    await expect(withoutActions().parseAsync(words, { from: "user" })).resolves.toBeDefined();
  });

  test("and a mistyped one would be seen", async () => {
    await expect(withoutActions().parseAsync(["apply", "--fil", "x"], { from: "user" })).rejects.toThrow();
  });

  test.for(ours.flatMap(({ line }) => [...line.matchAll(/-f (examples\S+)/g)].map(([, file = ""]) => ({ file }))))(
    "have their file: $file",
    ({ file }) => expect(existsSync(inRoot(file))).toBe(true),
  );
});

describe("commands of the CDK", () => {
  const cdk = running(/\bnpx cdk\b/);
  const known = ["bootstrap", "deploy", "destroy", "diff", "synth"];
  test("there are", () => expect(cdk.length).toBeGreaterThan(6));

  test.for(cdk)("$line", ({ line }) => {
    const words = wordsOf(line);
    const verb = words[words.indexOf("cdk") + 1] ?? "";
    expect(known).toContain(verb);
    const options = words.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0] ?? "");
    if (options.length === 0) return;
    const help = execFileSync(process.execPath, [inRoot("node_modules/aws-cdk/bin/cdk"), verb, "--help"], {
      encoding: "utf8",
    });
    for (const option of options) expect(help).toContain(option);
  });

  test("are given options that the app knows", () => {
    const given = pages.flatMap(({ text }) => [...text.matchAll(/ -c (\w+)=/g)].map(([, name = ""]) => name));
    expect(given.length).toBeGreaterThan(0);
    expect(optionNames).toEqual(expect.arrayContaining(given));
  });
});

test("docs/deploy.md lists every option of the app, and no other", () => {
  const [, table = ""] = /^\| Option .*?\n(.*?)\n\n/ms.exec(readPage("docs/deploy.md")) ?? [];
  const listed = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name = ""]) => name);
  expect(listed).toEqual(optionNames);
});

test("the scripts of npm that they name are there", () => {
  const { scripts } = JSON.parse(readPage("package.json")) as { scripts: Readonly<Record<string, string>> };
  const named = pages.flatMap(({ text }) => [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name));
  expect(named).toContain("build");
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

test.for(pages)("what $path links to is there", ({ path, text }) => {
  const links = [...text.matchAll(/\]\(([^)#\s]*)(?:#([\w-]+))?\)/g)];
  expect(links.length).toBeGreaterThan(0);
  for (const [, file = "", heading] of links) {
    const target = file === "" ? path : join(dirname(path), file);
    expect(existsSync(inRoot(target)), target).toBe(true);
    if (heading === undefined) continue;
    const headings = [...readPage(target).matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) => anchorOf(title));
    expect(headings, `${target}#${heading}`).toContain(heading);
  }
});

test("the files and folders that they name are there", () => {
  const named = pages.flatMap(({ text }) => [...text.matchAll(/`((?:test|examples|infra|action|docs)\/[\w./-]+)`/g)]);
  expect(named.length).toBeGreaterThan(1);
  expect(named.map(([, path = ""]) => path).filter((path) => !existsSync(inRoot(path)))).toEqual([]);
});

describe("documents that they show", () => {
  const blocks = pages.flatMap(({ path, text }) => blocksOf(text).map((block) => ({ path, ...block })));

  test.for(blocks.filter(({ language }) => language === "json"))("$path, JSON", ({ text }) => {
    expect(JSON.parse(text)).toMatchObject({ Version: "2012-10-17" });
  });

  test("the cdk.json of docs/deploy.md is that of the root, with options of the app", () => {
    const [shown] = blocks.filter(({ language }) => language === "json cdk");
    const { context, ...others } = JSON.parse(shown?.text ?? "") as { context: Readonly<Record<string, unknown>> };
    const { context: ours, ...real } = JSON.parse(readPage("cdk.json")) as typeof others & { context: typeof context };
    expect(others).toEqual(real);
    expect(context).toMatchObject(ours);
    const { stack, issues } = readOptions(context, {});
    expect([stack, issues]).toEqual(["Longshore", []]);
    expect(context).toHaveProperty("administrators");
  });

  test("the manifest of docs/deploy.md is that of the examples", () => {
    const [shown] = blocks.filter(({ language }) => language === "yaml");
    expect(parse(shown?.text ?? "")).toEqual(parse(readPage("examples/deployed/web.yaml")));
  });

  test("the workflow of docs/deploy.md gives the action inputs that it has", () => {
    const [shown] = blocks.filter(({ language }) => language === "yaml workflow");
    const { jobs } = parse(shown?.text ?? "") as {
      jobs: { deploy: { steps: { uses: string; with?: Record<string, string> }[] } };
    };
    const step = jobs.deploy.steps.find(({ uses }) => uses.includes("/longshore/action@"));
    const { inputs } = parse(readPage("action/action.yml")) as { inputs: Record<string, { required?: boolean }> };
    expect(Object.keys(step?.with ?? {}).filter((name) => inputs[name] === undefined)).toEqual([]);
    const required = Object.entries(inputs).filter(([, input]) => input.required);
    for (const [name] of required) expect(step?.with).toHaveProperty(name);
  });
});

/** The program with its syntax alone. */
function withoutActions(): Command {
  const program = buildProgram(quiet(), () => {});
  const disarm = (command: Command) => {
    if (command.commands.length === 0) command.action(() => {});
    command.configureOutput({ writeErr: () => {}, writeOut: () => {} }).exitOverride();
    for (const each of command.commands) disarm(each);
  };
  disarm(program);
  return program;
}

function quiet(): Parameters<typeof buildProgram>[0] {
  const output = { write: () => {}, isTerminal: false, columns: 80, hasColours: false, isClosed: false };
  return { out: output, progress: output } as unknown as Parameters<typeof buildProgram>[0];
}

/** As GitHub makes anchors of headings. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .trim()
    .replaceAll(" ", "-");
}
