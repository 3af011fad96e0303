import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { admitAnyManifest, admitCommand, scopeFields } from "../../../core/admission/index.ts";
import { aNamespace, anInstallManifest } from "../../support/access.ts";
import { aCommandText, aPlainManifest, changed } from "../../support/manifests.ts";

const grant = { principal: "AROACI", role: "deployer" } as const;
const namespace = aNamespace([grant]);
const install = anInstallManifest(["AROAADMIN"], [grant]);

function issuesOf(document: unknown): readonly string[] {
  const admission = admitAnyManifest(document);
  return admission.ok ? [] : admission.issues.map(({ code, path, message }) => `${code} ${path}: ${message}`);
}

const principalText =
  "principal must be the unique id of a role (AROA…) or a user (AIDA…): 1 to 128 of A-Z, a-z, 0-9, _, . and -, up to the first colon of what SQS shows as SenderId";

describe("a manifest of grants", () => {
  test.for<{ name: string; document: object; manifest?: object }>([
    { name: "of a namespace", document: namespace },
    { name: "of the install", document: install },
    {
      name: "of a namespace without any",
      document: { ...namespace, spec: {} },
      manifest: { ...namespace, spec: { grants: [] } },
    },
    {
      name: "of an install without any",
      document: { ...install, spec: {} },
      manifest: { ...install, spec: { administrators: [], grants: [] } },
    },
    {
      name: "with verbs, and what is ours to leave out",
      document: { ...aNamespace([{ principal: "AIDAJANE", verbs: ["pause", "resume"] }]), "x-why": "night" },
      manifest: aNamespace([{ principal: "AIDAJANE", verbs: ["pause", "resume"] }]),
    },
    {
      name: "of an account, an address and a local key",
      document: anInstallManifest(["111122223333", "192.0.2.7", "local"]),
    },
    {
      name: "that grants to one principal twice",
      document: aNamespace([grant, { principal: "AROACI", verbs: ["delete"] }]),
    },
    { name: "of a service", document: aPlainManifest(), manifest: expect.objectContaining({ kind: "Service" }) },
  ])("is admitted: $name", ({ document, manifest = document }) => {
    expect(admitAnyManifest(document)).toEqual({ ok: true, manifest });
  });

  const bare = { principal: "AROACI" };
  test.for<{ name: string; document: object; issues: readonly unknown[] }>([
    {
      name: "of nobody",
      document: changed(namespace, { "spec.grants[0].principal": undefined }),
      issues: [expect.stringContaining("required spec.grants[0].principal: principal is required: the unique id")],
    },
    ...["", "*", "AROA*", "AROACI:session", "arn:aws:iam::111122223333:role/ci", "a b"].map((principal) => ({
      name: `of "${principal}"`,
      document: changed(namespace, { "spec.grants[0].principal": principal }),
      issues: [`invalid spec.grants[0].principal: ${principalText}, got "${principal}"`],
    })),
    {
      name: "of neither role nor verbs",
      document: aNamespace([bare]),
      issues: ["conflict spec.grants[0]: a grant must have either role or verbs, got neither"],
    },
    {
      name: "of both",
      document: aNamespace([{ ...grant, verbs: ["delete"] }]),
      issues: ["conflict spec.grants[0]: a grant must have either role or verbs, got both"],
    },
    {
      name: "of a role that there is not",
      document: changed(namespace, { "spec.grants[0].role": "viewer" }),
      issues: ['invalid spec.grants[0].role: role must be deployer, operator or owner, got "viewer"'],
    },
    {
      name: "of verbs that there are not",
      document: changed(aNamespace([bare]), { "spec.grants[0].verbs": ["apply", "promote", "*"] }),
      issues: ['"promote"', '"*"'].map((verb) =>
        expect.stringMatching(`^invalid spec.grants\\[0\\].verbs\\[\\d\\]: .*got ${verb.replace("*", "\\*")}`),
      ),
    },
    {
      name: "of no verb",
      document: aNamespace([{ ...bare, verbs: [] }]),
      issues: ["invalid spec.grants[0].verbs: verbs must be a list of 1 to 8, got 0"],
    },
    {
      name: "of a verb twice",
      document: aNamespace([{ ...bare, verbs: ["scale", "scale"] }]),
      issues: ['conflict spec.grants[0].verbs[1]: "scale" must stand once in its list'],
    },
    {
      name: "of more than 100",
      document: aNamespace(Array.from({ length: 101 }, () => grant)),
      issues: ["invalid spec.grants: grants must be a list of at most 100, got 101"],
    },
    {
      name: "with an unknown field",
      document: changed(namespace, { "spec.grants[0].effect": "deny" }),
      issues: [
        "unknown spec.grants[0].effect: spec.grants[0].effect is not a known field; known are principal, role, verbs",
      ],
    },
    {
      name: "of no namespace",
      document: changed(namespace, { metadata: undefined }),
      issues: ["required metadata: metadata is required: a map"],
    },
    {
      name: "of a namespace that cannot be",
      document: aNamespace([], "Shop"),
      issues: [expect.stringContaining("invalid metadata.name: name must be 1 to 63 of a-z")],
    },
    ...["cluster", "quota", "defaults"].map((field) => ({
      name: `with ${field}`,
      document: changed(namespace, { [`spec.${field}`]: {} }),
      issues: [`not-built spec.${field}: spec.${field} is not built yet; remove it`],
    })),
    ...["labels", "annotations"].map((field) => ({
      name: `with ${field}`,
      document: changed(namespace, { [`metadata.${field}`]: {} }),
      issues: [`not-built metadata.${field}: metadata.${field} is not built yet; remove it`],
    })),
    {
      name: "of a namespace with administrators",
      document: changed(namespace, { "spec.administrators": ["AROACI"] }),
      issues: ["unknown spec.administrators: spec.administrators is not a known field; known are grants"],
    },
    {
      name: "of the install with a pause",
      document: changed(install, { "spec.pause": true }),
      issues: ["not-built spec.pause: spec.pause is not built yet; remove it"],
    },
    {
      name: "of the install with a name",
      document: { ...install, metadata: { name: "longshore" } },
      issues: ["unknown metadata: metadata is not a known field; known are apiVersion, kind, spec"],
    },
    {
      name: "of an administrator twice",
      document: anInstallManifest(["AROA1", "AROA1"]),
      issues: ['conflict spec.administrators[1]: "AROA1" must stand once in its list'],
    },
    {
      name: "of more than 50 administrators",
      document: anInstallManifest(Array.from({ length: 51 }, (_, index) => `AROA${index}`)),
      issues: ["invalid spec.administrators: administrators must be a list of at most 50, got 51"],
    },
    {
      name: "of a kind that is not built",
      document: { ...namespace, kind: "Job" },
      issues: ["not-built kind: Job is not built yet; use Service, Namespace or Install"],
    },
    {
      name: "of a kind that there is not",
      document: { ...namespace, kind: "constructor" },
      issues: ['invalid kind: kind must be Service, Namespace or Install, got "constructor"'],
    },
    {
      name: "of another edition",
      document: { ...namespace, apiVersion: "v2" },
      issues: ['invalid apiVersion: apiVersion must be longshore.dev/v1, got "v2"'],
    },
    { name: "that is a list", document: [namespace], issues: ["invalid : the document must be a map, got a list"] },
  ])("is refused: $name", ({ document, issues }) => {
    expect(issuesOf(document)).toEqual(issues);
  });
});

describe("apply", () => {
  const origin = { id: "01J", source: "ci/shop" };

  test.for([
    { manifest: namespace, scope: { kind: "Namespace", name: "shop" } },
    { manifest: install, scope: { kind: "Install" } },
  ])("of $manifest.kind is a command about its scope", ({ manifest, scope }) => {
    expect(admitCommand(...aCommandText("apply", manifest))).toStrictEqual({
      ok: true,
      command: { type: "apply", scope, manifest },
      ...origin,
    });
  });

  test.for([
    { data: { ...namespace, ifGeneration: 1 }, scope: { kind: "Namespace", name: "shop" } },
    { data: { ...install, confirm: true }, scope: { kind: "Install" } },
    { data: aNamespace([], "Shop"), scope: undefined },
    { data: changed(namespace, { metadata: undefined }), scope: undefined },
  ])("that is refused names its scope where it can: $data.kind $scope", ({ data, scope }) => {
    const admission = admitCommand(...aCommandText("apply", data));
    expect(admission).toMatchObject({ ok: false, type: "dev.longshore.apply" });
    expect("scope" in admission ? admission.scope : undefined).toEqual(scope);
  });

  test.for(["scale", "delete", "restart", "rollback", "cancel"])("%s of a namespace is refused", (type) => {
    const admission = admitCommand(...aCommandText(type, { kind: "Namespace", metadata: { name: "shop" } }));
    expect(admission).toMatchObject({ ok: false, scope: { kind: "Namespace", name: "shop" } });
  });
});

test("property: whatever a manifest of grants holds, it is admitted or refused, and what is admitted is so again unchanged", () => {
  const anything = fc.jsonValue();
  const likely = fc.array(
    fc.record(
      {
        principal: fc.oneof(fc.constantFrom("AROACI", "*", ""), anything),
        role: fc.oneof(fc.constantFrom("owner", "viewer", "__proto__"), anything),
        verbs: fc.oneof(fc.subarray(["apply", "scale", "delete"]), anything),
      },
      { requiredKeys: ["principal"] },
    ),
    { maxLength: 3 },
  );
  const document = fc.record({
    apiVersion: fc.constant("longshore.dev/v1"),
    kind: fc.constantFrom("Namespace", "Install"),
    metadata: fc.oneof(fc.constant({ name: "shop" }), fc.constant(undefined), anything),
    spec: fc.oneof(fc.record({ grants: fc.oneof(likely, anything) }), anything),
  });
  fc.assert(
    fc.property(document, (given) => {
      const plain: unknown = JSON.parse(JSON.stringify(given));
      const first = admitAnyManifest(plain);
      if (first.ok) expect(admitAnyManifest(first.manifest)).toEqual(first);
      else expect(first.issues).not.toHaveLength(0);
    }),
    { numRuns: 500 },
  );
});

test("every field of both kinds is described", () => {
  expect(scopeFields.map(({ kind, fields }) => [kind, fields.map(({ path }) => path)])).toEqual([
    [
      "Namespace",
      [
        "apiVersion",
        "kind",
        "metadata",
        "metadata.name",
        "spec",
        "spec.grants",
        "spec.grants[].principal",
        "spec.grants[].role",
        "spec.grants[].verbs",
      ],
    ],
    [
      "Install",
      [
        "apiVersion",
        "kind",
        "spec",
        "spec.administrators",
        "spec.grants",
        "spec.grants[].principal",
        "spec.grants[].role",
        "spec.grants[].verbs",
      ],
    ],
  ]);
});
