import { describe, expect, test } from "vitest";
import { readManifests } from "../../cli/manifests.ts";
import { maxFileBytes } from "../../core/admission/index.ts";
import { installText, manifestText, namespaceText } from "./a-session.ts";

const read = (text: string, name = "web.yaml") => readManifests([{ name, text }]);

/** `<document> <path>: <message>` of each issue. */
function issuesIn(text: string, name?: string): readonly string[] {
  const manifests = read(text, name);
  return manifests.ok ? [] : manifests.issues.map(({ document, path, message }) => `${document} ${path}: ${message}`);
}

const web = JSON.stringify({
  apiVersion: "longshore.dev/v1",
  kind: "Service",
  metadata: { namespace: "shop", name: "web" },
  spec: { task: { containers: [{ name: "app", image: "a", cpuUnits: 64, memoryMib: 64 }] } },
});

describe("manifests that are read", () => {
  test.for([
    { name: "one document", text: manifestText(), keys: ["shop/web"] },
    {
      name: "several, and empty ones between them",
      text: `---\n# nothing\n---\n${manifestText()}---\n${manifestText("replicas: 1", "api")}---\n`,
      keys: ["shop/web", "shop/api"],
    },
    {
      name: "with a mark of the byte order's end, and CRLF",
      text: manifestText().replaceAll("\n", "\r\n"),
      keys: ["shop/web"],
    },
    {
      name: "of every kind",
      text: `${manifestText()}---\n${namespaceText}---\n${installText}`,
      keys: ["shop/web", { kind: "Namespace", name: "shop" }, { kind: "Install" }],
    },
    { name: "JSON with tabs, as YAML", text: JSON.stringify(JSON.parse(web), undefined, "\t"), keys: ["shop/web"] },
    { name: "keys that are ours to ignore", text: `x-note: { anything: [1] }\n${manifestText()}`, keys: ["shop/web"] },
  ])("$name", ({ text, keys }) => {
    const manifests = read(text);
    expect(manifests).toMatchObject({ ok: true });
    expect(manifests.ok && manifests.manifests.map(({ of }) => of)).toEqual(keys);
  });

  test("a JSON file", () => {
    expect(issuesIn(web, "web.json")).toEqual([]);
  });

  test("are sent as they were written: defaults are the install's", () => {
    const manifests = read(web, "web.json");
    expect(manifests.ok && JSON.stringify(manifests.manifests[0]?.content)).toBe(web);
  });
});

describe("manifests that are refused", () => {
  test.for([
    { name: "nothing", text: "# nothing\n", issues: ["0 : a file must hold a manifest, got nothing"] },
    {
      name: "an unknown field, with the nearest known one",
      text: manifestText("replica: 2"),
      issues: ["1 spec.replica: spec.replica is not a known field; did you mean replicas?"],
    },
    {
      name: "issues of every document",
      text: `${manifestText("replicas: -1")}---\n${manifestText("replicas: 5001", "api")}`,
      issues: [
        "1 spec.replicas: replicas must be 0 to 5000, got -1",
        "2 spec.replicas: replicas must be 0 to 5000, got 5001",
      ],
    },
    {
      name: "one service twice",
      text: `${manifestText()}---\n${manifestText("replicas: 9")}`,
      issues: ["2 metadata.name: service shop/web must be described once, but is described before; remove one"],
    },
    {
      name: "a namespace twice, and the install",
      text: [namespaceText, namespaceText, installText, installText].join("---\n"),
      issues: [
        "2 metadata.name: namespace shop must be described once, but is described before; remove one",
        "4 metadata.name: the install must be described once, but is described before; remove one",
      ],
    },
    {
      name: "a kind that there is not",
      text: manifestText().replace("kind: Service", "kind: Namespaces"),
      issues: ['1 kind: kind must be Service, Namespace or Install, got "Namespaces"'],
    },
    {
      name: "a key that stands twice",
      text: manifestText("replicas: 2\nreplicas: 3"),
      issues: ["1 spec.replicas: replicas must stand once in its map, but is there again"],
    },
    {
      name: "an alias",
      text: manifestText("replicas: &n 2\npriority: *n"),
      issues: ["1 spec.priority: priority must not be an alias, got *n; write the value out"],
    },
    {
      name: "a tag",
      text: manifestText("replicas: !!js/function 'x'"),
      issues: [
        "1 : the text must be plain YAML, but is not at line 5, column 13: Unresolved tag: tag:yaml.org,2002:js/function",
      ],
    },
    {
      name: "a key that is no text",
      text: `[1]: 2\n${manifestText()}`,
      issues: [/^1 : the document must have text as keys/],
    },
    { name: "a key that reaches a prototype", text: `__proto__: {}\n${manifestText()}`, issues: [/__proto__/] },
    {
      name: "text that is no YAML",
      text: "a: [1\nb: 2",
      issues: [/^1 : the text must be plain YAML, but is not at line 2, column 1: /],
    },
    { name: "a number that is none", text: manifestText("replicas: .nan"), issues: [/^1 spec.replicas: /] },
    { name: "a scalar", text: "hello", issues: ["1 : the document must be a map, got text of 5 characters"] },
    {
      name: "a manifest that no command has room for",
      text: `${manifestText()}x-note: "${"x".repeat(70_000)}"\n`,
      issues: [/^1 : a manifest must be at most 64512 bytes as JSON, got 7\d{4}$/],
    },
  ] as const)("$name", ({ text, issues }) => {
    const found = issuesIn(text);
    expect(found).toHaveLength(issues.length);
    for (const [index, issue] of issues.entries())
      expect(found[index]).toEqual(typeof issue === "string" ? issue : expect.stringMatching(issue));
  });

  test("a JSON file with a key twice", () => {
    expect(issuesIn('{"kind": 1, "kind": 2}', "web.json")[0]).toBe(
      "1 kind: kind must stand once in its map, but is there again",
    );
  });

  test("a file that could not be read whole", () => {
    expect(readManifests([{ name: "a.yaml", flaw: "a file must be UTF-8 text" }])).toMatchObject({
      ok: false,
      issues: [{ file: "a.yaml", document: 0, message: "a file must be UTF-8 text" }],
    });
  });
});

describe("hostile files are refused within seconds", () => {
  const repeated = (part: string) => part.repeat(Math.floor(maxFileBytes / 4 / part.length));
  const keys = Array.from({ length: 25_000 }, (_, index) => `k${index}: 1`);
  test.for([
    { name: "open lists", text: repeated("[") },
    { name: "open maps", text: repeated("{a: ") },
    { name: "lists in lists", text: repeated("- ") },
    { name: "complex keys", text: repeated("? ") },
    { name: "keys", text: keys.join("\n") },
    { name: "keys of a flow map", text: `{${keys.join(",")}}` },
    { name: "anchors", text: repeated("&a ") },
    { name: "documents", text: repeated("---\na\n") },
    { name: "blank lines", text: repeated("\n") },
    { name: "indentation", text: Array.from({ length: 700 }, (_, index) => `${" ".repeat(index)}a:`).join("\n") },
  ])("$name", { timeout: 10_000 }, ({ text }) => {
    expect(issuesIn(text).length).toBeGreaterThan(0);
  });
});
