import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What each room may import besides itself, as docs/architecture.md draws it. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  steps: ["core"],
  aws: ["core"],
  sim: ["core", "steps"],
  lambdas: ["core", "steps", "aws"],
  local: ["core", "steps", "aws", "sim", "lambdas"],
  cli: ["core", "aws", "local"],
  action: ["cli", "aws"],
  infra: [],
};

interface Import {
  readonly file: string;
  readonly room: string;
  /** A path from the root for a file of ours, else the package. */
  readonly target: string;
  readonly isOurs: boolean;
  readonly isDynamic: boolean;
}

const files = Object.keys(mayImport).flatMap((room) => sourcesIn(room));
const imports = files.flatMap((file) => importsOf(file));

describe("the rooms", () => {
  test("were looked at", () => {
    expect(files.length).toBeGreaterThan(150);
    expect(imports.length).toBeGreaterThan(400);
    for (const room of Object.keys(mayImport))
      expect(
        files.some((file) => file.startsWith(`${room}/`)),
        room,
      ).toBe(true);
  });

  test.for(Object.entries(mayImport))("%s imports only what it may", ([room, allowed]) => {
    const wrong = imports.filter(
      ({ room: from, target, isOurs }) => from === room && isOurs && ![room, ...allowed].includes(roomOf(target)),
    );
    expect(wrong.map(described)).toEqual([]);
  });

  test("an import against the table would be seen", () => {
    expect(importsOf("core/x.ts", 'import { a } from "../steps/a.ts";')).toMatchObject([
      { room: "core", target: "steps/a.ts", isOurs: true },
    ]);
    expect(importsOf("cli/x.ts", 'await import("../local/a.ts");')).toMatchObject([
      { target: "local/a.ts", isDynamic: true },
    ]);
    expect(importsOf("core/x.ts", 'export type { A } from "zod";')).toMatchObject([{ target: "zod", isOurs: false }]);
  });

  test("the command line loads the local cluster only when it is asked for", () => {
    const eager = imports.filter(
      ({ room, target, isDynamic }) => room === "cli" && roomOf(target) === "local" && !isDynamic,
    );
    expect(eager.map(described)).toEqual([]);
  });
});

test("no file imports itself by a detour", () => {
  const targets = Map.groupBy(
    imports.filter(({ isOurs, isDynamic }) => isOurs && !isDynamic),
    ({ file }) => file,
  );
  expect(
    circleIn(new Map([...targets].map(([file, found]) => [file, found.map(({ target }) => target)]))),
  ).toBeUndefined();
  expect(
    circleIn(
      new Map([
        ["a", ["b"]],
        ["b", ["c"]],
        ["c", ["b"]],
      ]),
    ),
  ).toEqual(["b", "c", "b"]);
});

describe("core", () => {
  test("has words for people that any room may use, and that use no other", () => {
    const [using, used] = [
      imports.filter(({ file }) => file.startsWith("core/words/")),
      imports.filter(({ target }) => target.startsWith("core/words/")),
    ];
    expect(using.filter(({ target }) => !target.startsWith("core/words/")).map(described)).toEqual([]);
    expect(used.length).toBeGreaterThan(10);
  });

  test("has no two folders that import each other, by whatever detour", () => {
    const between = imports.filter(
      ({ room, target, isOurs }) => room === "core" && isOurs && roomOf(target) === "core",
    );
    // What the nouns are and what steps need from the world is said in terms of each other.
    const folderOf = (path: string) => dirname(path).replace("core/ports", "core/model");
    const folders = Map.groupBy(between, ({ file }) => folderOf(file));
    const targets = [...folders].map(([folder, found]) => {
      const others = new Set(found.map(({ target }) => folderOf(target)));
      return [folder, [...others].filter((other) => other !== folder)] as const;
    });
    expect(targets.length).toBeGreaterThan(8);
    expect(circleIn(new Map(targets))).toBeUndefined();
  });

  test("depends on no package and on nothing of Node", () => {
    expect(imports.filter(({ room, isOurs }) => room === "core" && !isOurs).map(described)).toEqual([]);
  });

  test.for([
    { name: "time", pattern: /\bDate\b|\bperformance\b|\bsetTimeout\b|\bsetInterval\b/ },
    { name: "chance", pattern: /Math\.random|\bcrypto\b/ },
    { name: "the world", pattern: /\bprocess\.|\bfetch\(|\bconsole\./ },
  ])("knows no $name", ({ pattern }) => {
    const guilty = files.filter((file) => file.startsWith("core/") && pattern.test(withoutComments(read(file))));
    expect(guilty).toEqual([]);
  });
});

describe("every source file", () => {
  test("carries a reason with each lint suppression", () => {
    const bare = files.filter((file) => /biome-ignore [^:\n]+(:\s*)?(\n|$)/.test(read(file)));
    expect(bare).toEqual([]);
  });

  test("is called after one idea, in kebab-case", () => {
    expect(files.filter((file) => !/^[a-z0-9-]+(\/[a-z0-9-]+)*(\.d)?\.(ts|js)$/.test(file))).toEqual([]);
  });

  test("documents what it exports", () => {
    const bare = files.flatMap((file) => undocumented(file, read(file)));
    expect(bare).toEqual([]);
  });
});

function sourcesIn(directory: string): readonly string[] {
  return readdirSync(join(root, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[tj]s$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted();
}

function importsOf(file: string, source = read(file)): readonly Import[] {
  const found = [...withoutComments(source).matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\()"([^"]+)"/g)];
  return found.map(([whole, specifier = ""]) => {
    const isOurs = specifier.startsWith(".");
    const target = isOurs ? relative(root, join(root, dirname(file), specifier)) : specifier;
    return { file, room: roomOf(file), target, isOurs, isDynamic: whole.startsWith("import(") };
  });
}

/** Exports without a doc comment; re-exports and entry points' `handler` aside. */
function undocumented(file: string, text: string): readonly string[] {
  if (file.endsWith(".js")) return [];
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const [, name] = /^export (?:async )?(?:function|const|class|interface|type) (\w+)/.exec(line) ?? [];
    const before = lines[index - 1]?.trim() ?? "";
    return name === undefined || name === "handler" || before.endsWith("*/") ? [] : [`${file}: ${name}`];
  });
}

/** The first way that leads back to where it began; undefined: there is none. */
function circleIn(targets: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const cleared = new Set<string>();
  const walk = (file: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (cleared.has(file)) return undefined;
    for (const target of targets.get(file) ?? []) {
      const circle = walk(target, [...way, file]);
      if (circle) return circle;
    }
    cleared.add(file);
    return undefined;
  };
  for (const file of targets.keys()) {
    const circle = walk(file, []);
    if (circle) return circle;
  }
  return undefined;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

function roomOf(path: string): string {
  return path.split("/")[0] ?? "";
}

function described({ file, target }: Import): string {
  return `${file} imports ${target}`;
}
