import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { admitCommand, admitManifest } from "../../../core/admission/index.ts";
import { aCommandText, aManifestWith, aPlainManifest, changed } from "../../support/manifests.ts";

const naming = { kind: "Service", metadata: { namespace: "shop", name: "web" } };
const origin = { id: "01J", source: "ci/shop" };
const manifest = (() => {
  const admission = admitManifest(aPlainManifest());
  return admission.ok ? admission.manifest : undefined;
})();

function refusalOf(text: string, sizeBytes = Buffer.byteLength(text)) {
  const admission = admitCommand(text, sizeBytes);
  if (admission.ok) return { issues: [] };
  const { ok, issues, ...known } = admission;
  return { ...known, issues: issues.map(({ path, message }) => `${path}: ${message}`) };
}

test.for<{ name: string; type: string; data: object; command: object }>([
  {
    name: "apply",
    type: "apply",
    data: aPlainManifest(),
    command: { type: "apply", key: "shop/web", manifest, confirm: false },
  },
  {
    name: "apply, with the command's own fields",
    type: "apply",
    data: { ...aPlainManifest(), ifGeneration: 0, confirm: true },
    command: { type: "apply", key: "shop/web", manifest, ifGeneration: 0, confirm: true },
  },
  {
    name: "scale",
    type: "scale",
    data: { ...naming, replicas: 5 },
    command: { type: "scale", key: "shop/web", replicas: 5, confirm: false },
  },
  {
    name: "scale to nothing, confirmed, if it is at generation 7",
    type: "scale",
    data: { ...naming, replicas: 0, ifGeneration: 7, confirm: true, "x-why": "night" },
    command: { type: "scale", key: "shop/web", replicas: 0, ifGeneration: 7, confirm: true },
  },
  { name: "delete", type: "delete", data: naming, command: { type: "delete", key: "shop/web", confirm: false } },
  {
    name: "delete, with the command's own fields",
    type: "delete",
    data: { ...naming, ifGeneration: Number.MAX_SAFE_INTEGER, confirm: false },
    command: { type: "delete", key: "shop/web", ifGeneration: Number.MAX_SAFE_INTEGER, confirm: false },
  },
  ...["restart", "rollback", "pause", "resume", "cancel"].map((type) => ({
    name: type,
    type,
    data: { ...naming, ifGeneration: 7, confirm: true },
    command: { type, key: "shop/web", ifGeneration: 7, confirm: true },
  })),
  ...[1, Number.MAX_SAFE_INTEGER, "0a1b", "0a1b2c3d4e"].map((to) => ({
    name: `rollback to ${to}`,
    type: "rollback",
    data: { ...naming, to },
    command: { type: "rollback", key: "shop/web", to, confirm: false },
  })),
  ...["pause", "resume"].flatMap((type) => [
    {
      name: `${type} of the rollout`,
      type,
      data: { ...naming, only: "rollout" },
      command: { type, key: "shop/web", only: "rollout", confirm: false },
    },
    {
      name: `${type} of a namespace`,
      type,
      data: { kind: "Namespace", metadata: { name: "shop" }, "x-why": "night" },
      command: { type, scope: { kind: "Namespace", name: "shop" } },
    },
    {
      name: `${type} of the install`,
      type,
      data: { kind: "Install" },
      command: { type, scope: { kind: "Install" } },
    },
  ]),
])("admits $name", ({ type, data, command }) => {
  expect(admitCommand(...aCommandText(type, data))).toStrictEqual({ ok: true, command, ...origin });
});

describe("the envelope", () => {
  test("needs neither id nor source", () => {
    const text = JSON.stringify({ specversion: "1.0", type: "dev.longshore.delete", data: naming });
    const admission = admitCommand(text, text.length);
    expect(admission).toStrictEqual({ ok: true, command: { type: "delete", key: "shop/web", confirm: false } });
  });

  test("may carry the other attributes of CloudEvents, and extensions", () => {
    const others = {
      time: "2030-01-01T00:00:00Z",
      subject: "web",
      datacontenttype: "application/json",
      dataschema: "x",
      traceparent: "00",
      n: 1,
    };
    expect(admitCommand(...aCommandText("delete", naming, others)).ok).toBe(true);
  });

  test.for<{ changes: Record<string, unknown>; issues: string[] }>([
    { changes: { specversion: undefined }, issues: ["specversion: specversion is required: 1.0"] },
    { changes: { specversion: "0.3" }, issues: ['specversion: specversion must be 1.0, got "0.3"'] },
    { changes: { specversion: 1 }, issues: ["specversion: specversion must be 1.0, got 1"] },
    { changes: { type: undefined }, issues: ["type: type is required: text of 1 to 256 characters"] },
    { changes: { type: 7 }, issues: ["type: type must be text of 1 to 256 characters, got 7"] },
    { changes: { data: undefined }, issues: ["data: data is required: a map"] },
    { changes: { data: "{}" }, issues: ["data: data must be a map, got text of 2 characters"] },
    { changes: { data: [naming] }, issues: ["data: data must be a map, got a list"] },
    { changes: { data: null }, issues: ["data: data must be a map, got null"] },
  ])("has what it must: $changes", ({ changes, issues }) => {
    const event = changed({ specversion: "1.0", type: "dev.longshore.delete", data: naming }, changes);
    expect(refusalOf(JSON.stringify(event)).issues).toEqual(issues);
  });

  test.for([
    { attribute: "id", value: "" },
    { attribute: "id", value: 7 },
    { attribute: "id", value: "x".repeat(257) },
    { attribute: "id", value: "a\u0007" },
    { attribute: "id", value: "a\nb" },
    { attribute: "id", value: "\ud800" },
    { attribute: "id", value: null },
    { attribute: "source", value: "" },
    { attribute: "source", value: {} },
    { attribute: "source", value: "x".repeat(257) },
  ])("refuses $attribute $value, and does not hand it on", ({ attribute, value }) => {
    const refusal = refusalOf(aCommandText("delete", naming, { [attribute]: value })[0]);
    expect(refusal.issues).toEqual([expect.stringContaining(`${attribute}: ${attribute} must `)]);
    expect(refusal).not.toHaveProperty(attribute);
  });

  test("takes 256 characters of id and source", () => {
    const long = { id: "i".repeat(256), source: "s".repeat(256) };
    expect(admitCommand(...aCommandText("delete", naming, long))).toMatchObject({ ok: true, ...long });
  });
});

const allowed =
  "dev.longshore.apply, dev.longshore.scale, dev.longshore.delete, dev.longshore.restart, dev.longshore.rollback, dev.longshore.pause, dev.longshore.resume or dev.longshore.cancel";

test.for("promote run cordon drain uncordon".split(" "))("%s is not built yet", (type) => {
  expect(refusalOf(aCommandText(type, naming)[0])).toEqual({
    ...origin,
    type: `dev.longshore.${type}`,
    object: "shop/web",
    issues: [`type: dev.longshore.${type} is not built yet; use ${allowed}`],
  });
});

test.for(["dev.longshore.Apply", "apply", "dev.longshore.", "com.example.apply", "dev.longshore.apply2", "restart"])(
  "%s is no type",
  (type) => {
    const refusal = refusalOf(aCommandText("delete", naming, { type })[0]);
    expect(refusal).toMatchObject({ type, issues: [`type: type must be ${allowed}, got "${type}"`] });
  },
);

test("a type is judged where there is no data", () => {
  expect(refusalOf('{"specversion":"1.0","type":"x","data":1}').issues).toEqual([
    "data: data must be a map, got a number",
    `type: type must be ${allowed}, got "x"`,
  ]);
});

test.for<{ type: string; data: object; issues: string[] }>([
  { type: "scale", data: naming, issues: ["replicas: replicas is required: 0 to 5000"] },
  { type: "scale", data: { ...naming, replicas: 5001 }, issues: ["replicas: replicas must be 0 to 5000, got 5001"] },
  { type: "scale", data: { ...naming, replicas: -1 }, issues: ["replicas: replicas must be 0 to 5000, got -1"] },
  {
    type: "delete",
    data: { ...naming, replicas: 1 },
    issues: ["replicas: replicas is not a known field; known are kind, metadata, ifGeneration, confirm"],
  },
  {
    type: "delete",
    data: { ...naming, ifGeneration: -1 },
    issues: ["ifGeneration: ifGeneration must be 0 to 9007199254740991, got -1"],
  },
  { type: "delete", data: { ...naming, ifGeneration: 1.5 }, issues: [expect.stringContaining("ifGeneration: ")] },
  { type: "delete", data: { ...naming, ifGeneration: "1" }, issues: [expect.stringContaining("ifGeneration: ")] },
  {
    type: "delete",
    data: { ...naming, confirm: "yes" },
    issues: ['confirm: confirm must be true or false, got "yes"'],
  },
  {
    type: "apply",
    data: { ...aPlainManifest(), confirm: 1 },
    issues: ["confirm: confirm must be true or false, got 1"],
  },
  { type: "apply", data: aManifestWith({ "spec.confirm": true }), issues: [expect.stringContaining("spec.confirm: ")] },
  { type: "delete", data: { metadata: naming.metadata }, issues: ["kind: kind is required: Service"] },
  { type: "delete", data: { ...naming, kind: "Job" }, issues: ["kind: Job is not built yet; use Service"] },
  {
    type: "delete",
    data: { kind: "Service", metadata: {} },
    issues: [
      expect.stringContaining("metadata.namespace: namespace is required: "),
      expect.stringContaining("metadata.name: name is required: "),
    ],
  },
  { type: "delete", data: { kind: "Service" }, issues: ["metadata: metadata is required: a map"] },
  {
    type: "delete",
    data: changed(naming, { "metadata.name": "A" }),
    issues: [expect.stringContaining("metadata.name: ")],
  },
  {
    type: "delete",
    data: changed(naming, { "metadata.labels": {} }),
    issues: ["metadata.labels: metadata.labels is not a known field; known are namespace, name"],
  },
  {
    type: "apply",
    data: aManifestWith({ "spec.replicas": -1 }),
    issues: ["spec.replicas: replicas must be 0 to 5000, got -1"],
  },
  {
    type: "apply",
    data: aManifestWith({ "spec.discovery": {} }),
    issues: ["spec.discovery: spec.discovery is not built yet; remove it"],
  },
  ...["restart", "cancel"].map((type) => ({
    type,
    data: { ...naming, to: 1 },
    issues: ["to: to is not a known field; known are kind, metadata, ifGeneration, confirm"],
  })),
  ...["restart", "cancel", "rollback"].map((type) => ({
    type,
    data: { ...naming, kind: "Namespace" },
    issues: ['kind: kind must be Service, got "Namespace"'],
  })),
  ...[0, -1, 1.5].map((to) => ({
    type: "rollback",
    data: { ...naming, to },
    issues: [expect.stringContaining("to: to must be ")],
  })),
  ...["0a1", "0a1b2c3d4e5", "0A1B", "0a1g", "", null, true, ["0a1b"]].map((to) => ({
    type: "rollback",
    data: { ...naming, to },
    issues: [
      expect.stringMatching(
        /^to: to must be a generation, 1 to 9007199254740991, or the first 4 to 10 characters of a revision \(0-9, a-f\) as text, got /,
      ),
    ],
  })),
  { type: "rollback", data: { ...naming, to: 0 }, issues: ["to: to must be 1 to 9007199254740991, got 0"] },
  ...["pause", "resume"].flatMap((type) => [
    { type, data: { ...naming, only: "traffic" }, issues: ['only: only must be rollout, got "traffic"'] },
    {
      type,
      data: { ...naming, kind: "Job" },
      issues: ["kind: Job is not built yet; use Service, Namespace or Install"],
    },
    {
      type,
      data: { ...naming, kind: "Node" },
      issues: ['kind: kind must be Service, Namespace or Install, got "Node"'],
    },
    {
      type,
      data: { metadata: {} },
      issues: [
        "kind: kind is required: Service, Namespace or Install",
        expect.stringContaining("metadata.namespace: namespace is required: "),
        expect.stringContaining("metadata.name: name is required: "),
      ],
    },
    { type, data: { kind: "Namespace" }, issues: ["metadata: metadata is required: a map"] },
    {
      type,
      data: { kind: "Namespace", metadata: {} },
      issues: [expect.stringContaining("metadata.name: name is required: ")],
    },
    {
      type,
      data: { kind: "Namespace", metadata: { name: "Shop" } },
      issues: [expect.stringContaining("metadata.name: name must be ")],
    },
    {
      type,
      data: { ...naming, kind: "Namespace" },
      issues: ["metadata.namespace: metadata.namespace is not a known field; known are name"],
    },
    {
      type,
      data: { kind: "Install", metadata: { name: "longshore" } },
      issues: ["metadata: metadata is not a known field; known are kind"],
    },
    {
      type,
      data: { kind: "Install", ifGeneration: 1 },
      issues: ["ifGeneration: ifGeneration is not a known field; known are kind"],
    },
    ...["Namespace", "Install"].map((kind) => ({
      type,
      data: { kind, ...(kind === "Namespace" ? { metadata: { name: "shop" } } : {}), only: "rollout" },
      issues: ["only: only goes with kind Service; the others pause as a whole"],
    })),
  ]),
  {
    type: "apply",
    data: aManifestWith({ "spec.x-a": "\u0000" }),
    issues: ["spec.x-a: x-a must hold no control characters, got \\u0000 at 0"],
  },
])("$type is refused with paths as in a manifest: $issues", ({ type, data, issues }) => {
  expect(refusalOf(aCommandText(type, data)[0]).issues).toEqual(issues);
});

test.for<{ data: Record<string, unknown>; object: string | undefined }>([
  { data: { ...naming, zzz: 1 }, object: "shop/web" },
  { data: { metadata: naming.metadata }, object: "shop/web" },
  { data: { ...naming, kind: "Job" }, object: undefined },
  { data: changed(naming, { "metadata.name": "A" }), object: undefined },
  { data: changed(naming, { "metadata.namespace": undefined }), object: undefined },
  { data: { kind: "Service", metadata: "shop/web" }, object: undefined },
  { data: changed(naming, { "metadata.name": ["web"] }), object: undefined },
])("a refusal names its object where it can: $data", ({ data, object }) => {
  const refusal = refusalOf(aCommandText("delete", data)[0]);
  expect(refusal).toMatchObject({ ...origin, type: "dev.longshore.delete" });
  expect("object" in refusal ? refusal.object : undefined).toBe(object);
});

test("a duplicate refuses a command that would be fine", () => {
  const [text] = aCommandText("scale", { ...naming, replicas: 1 });
  const refusal = refusalOf(text.replace('"replicas":1', '"replicas":1,"replicas":0'));
  expect(refusal.issues).toEqual(["replicas: replicas must stand once in its map, but is there again"]);
});

test("a number that is too large for any field is no number", () => {
  const [text] = aCommandText("scale", { ...naming, replicas: 1 });
  expect(refusalOf(text.replace('"replicas":1', '"replicas":1e999')).issues).toEqual([
    "replicas: replicas must be a finite number, got Infinity",
  ]);
});

describe("size", () => {
  const [text] = aCommandText("delete", naming);
  test.for([65_536, 0])("%i bytes are read", (size) => expect(admitCommand(text, size).ok).toBe(true));
  test.for([65_537, Number.NaN, Number.POSITIVE_INFINITY])("%d bytes are not", (size) => {
    expect(refusalOf(text, size)).toEqual({ issues: [`: a command must be at most 65536 bytes, got ${size}`] });
  });
  test("a size that was measured wrongly lets nothing large through", () => {
    expect(refusalOf(text + " ".repeat(65_536), 1).issues).toEqual([
      expect.stringContaining(": a command must be at most 65536 bytes, got "),
    ]);
  });
  test("64 KiB of white space and command are read", () => {
    expect(admitCommand(text.padEnd(65_536), 65_536).ok).toBe(true);
  });
});

describe("hostile text", () => {
  const wrap = (data: string) =>
    `{"specversion":"1.0","id":"1","source":"s","type":"dev.longshore.apply","data":${data}}`;
  const deep = 9000;
  test.for([
    { name: "lists 100,000 deep", text: "[".repeat(100_000) + "]".repeat(100_000), code: "too-large" },
    { name: "lists 32,000 deep", text: "[".repeat(32_000) + "]".repeat(32_000), code: "too-deep" },
    { name: "lists that never end", text: "[".repeat(65_000), code: "syntax" },
    { name: "maps deep inside", text: wrap(`${'{"a":'.repeat(deep)}1${"}".repeat(deep)}`), code: "too-deep" },
    { name: "20,000 values", text: wrap(`{"spec":[${"0,".repeat(20_000)}0]}`), code: "too-many" },
    {
      name: "many duplicates, deep inside",
      text: `${"[".repeat(15_000)}{${'"a":1,'.repeat(5000)}"a":1}${"]".repeat(15_000)}`,
      code: "too-deep",
    },
    {
      name: "thousands of unknown keys",
      text: wrap(`{${Array.from({ length: 5000 }, (_, i) => `"k${i}":0`).join()}}`),
      code: "more",
    },
    {
      name: "100,000 keys",
      text: wrap(`{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":0`).join()}}`),
      code: "too-large",
    },
    { name: "a huge string", text: wrap(JSON.stringify({ kind: "x".repeat(60_000) })), code: "text" },
    { name: "a huge key", text: wrap(JSON.stringify({ ["x".repeat(60_000)]: 1 })), code: "text" },
    { name: "quotes that are escaped", text: `"${'\\"'.repeat(30_000)}`, code: "syntax" },
    { name: "a long number", text: wrap("1".repeat(60_000)), code: "invalid" },
    { name: "a prototype", text: wrap('{"__proto__":{"kind":"Service"}}'), code: "refused-key" },
    { name: "a prototype in escapes", text: wrap('{"\\u005f_proto__":{}}'), code: "refused-key" },
    { name: "half of a pair", text: wrap('{"kind":"\\ud800"}'), code: "text" },
    { name: "a control character", text: wrap('{"kind":"\\u001b[2J"}'), code: "text" },
    {
      name: "names that every map of JavaScript has",
      text: wrap('{"toString":1,"hasOwnProperty":1,"valueOf":1}'),
      code: "unknown",
    },
  ])("is refused: $name", ({ text, code }) => {
    const admission = admitCommand(text, Buffer.byteLength(text));
    const issues = admission.ok ? [] : admission.issues;
    expect(issues.map((issue) => issue.code)).toContain(code);
    expect(issues.length).toBeLessThanOrEqual(100);
    expect(JSON.stringify(issues).length).toBeLessThan(40_000);
  });

  test("of 64 KiB never makes an issue that a terminal or a page would take for more than text", () => {
    const text = wrap(JSON.stringify({ kind: "\u202e\u009b31m\u2028", "\u001b]0;x\u0007": 1, "\ufeff": 2 }));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there.
    expect(refusalOf(text).issues.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\ufeff]/);
  });
});

test("property: no text makes it throw, and a refusal has a reason", () => {
  const event = fc.record(
    {
      specversion: fc.constantFrom("1.0", "1", 1),
      type: fc.oneof(
        fc.constantFrom(...["apply", "scale", "delete", "rollback", "pause"].map((type) => `dev.longshore.${type}`)),
        fc.string(),
      ),
      id: fc.oneof(fc.string(), fc.jsonValue()),
      source: fc.oneof(fc.string(), fc.jsonValue()),
      data: fc.oneof(
        fc.jsonValue(),
        fc.record(
          {
            kind: fc.constantFrom("Service", "Namespace", "Install"),
            metadata: fc.jsonValue(),
            spec: fc.jsonValue(),
            replicas: fc.jsonValue(),
            to: fc.jsonValue(),
            only: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
        fc.jsonValue().map((value) => aManifestWith({ "spec.task": value })),
        fc
          .jsonValue()
          .map((value) =>
            aManifestWith({ "spec.placement": value, "spec.traffic": [value], "metadata.labels": value }),
          ),
      ),
    },
    { requiredKeys: [] },
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    event.map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(text, fc.oneof(fc.nat({ max: 70_000 }), fc.double()), (input, size) => {
      const admission = admitCommand(input, size);
      expect(admission.ok || admission.issues.length > 0).toBe(true);
      expect(admission.ok || admission.issues.length <= 100).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("property: an admitted command's manifest is admitted again unchanged", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5000 }),
      fc.dictionary(fc.stringMatching(/^[A-Z]{1,8}$/), fc.string({ unit: "grapheme" })),
      (replicas, environment) => {
        const data = aManifestWith({ "spec.replicas": replicas, "spec.task.containers[0].environment": environment });
        const first = admitCommand(...aCommandText("apply", data));
        if (!first.ok || first.command.type !== "apply") return;
        expect(admitCommand(...aCommandText("apply", first.command.manifest))).toEqual(first);
      },
    ),
    { numRuns: 200 },
  );
});
