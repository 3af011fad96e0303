import { principalPattern, principalText } from "../access/principal.ts";
import { roles, verbs } from "../access/roles.ts";
import type { Grant, InstallManifest, NamespaceManifest, Role } from "../model/grants.ts";
import { report } from "./findings.ts";
import { isMap } from "./json.ts";
import { type Draft, defaulted, object, optional, required } from "./objects.ts";
import { list, oneOf, type Reader, text } from "./readers.ts";
import { nameText } from "./words.ts";

/** Everything of these is read with every look at a service: they have to stay small. */
const mostGrants = 100;
const mostAdministrators = 50;

const principal = text({ allowed: principalText, pattern: principalPattern });

const grantFields = object<Grant>({
  principal: required(principal, "who; compared as it is, and never a pattern"),
  role: optional(oneOf(Object.keys(roles) as Role[]), "what is allowed, under one name; this or verbs"),
  verbs: optional(
    list(oneOf(verbs), { least: 1, most: verbs.length, unique: true }),
    `what is allowed: some of ${verbs.join(", ")}; this or role`,
  ),
});

const grant: Reader<Draft<Grant>> = {
  ...grantFields,
  read(value, place, findings) {
    const draft = grantFields.read(value, place, findings);
    if (!isMap(value) || Object.hasOwn(value, "role") !== Object.hasOwn(value, "verbs")) return draft;
    const got = Object.hasOwn(value, "role") ? "both" : "neither";
    return report(findings, place, "conflict", () => `a grant must have either role or verbs, got ${got}`);
  },
};

const grants = list(grant, { most: mostGrants });

const edition = required(oneOf(["longshore.dev/v1"]), "which edition of these fields it is written in");

/** The manifest of a namespace: who may do what in it. */
export const namespaceSchema = object<NamespaceManifest>({
  apiVersion: edition,
  kind: required(oneOf(["Namespace"]), "what it describes"),
  metadata: required(
    object<NamespaceManifest["metadata"]>(
      { name: required(nameText, "what it is called") },
      { planned: ["labels", "annotations"] },
    ),
    "which one it describes",
  ),
  spec: required(
    object<NamespaceManifest["spec"]>(
      { grants: defaulted(grants, [], "who may do what in this namespace") },
      { planned: ["cluster", "quota", "defaults"] },
    ),
    "how it should be",
  ),
});

/** The manifest of the install: who may do what everywhere. */
export const installSchema = object<InstallManifest>({
  apiVersion: edition,
  kind: required(oneOf(["Install"]), "what it describes"),
  spec: required(
    object<InstallManifest["spec"]>(
      {
        administrators: defaulted(
          list(principal, { most: mostAdministrators, unique: true }),
          [],
          "who may do everything, beside those that the stack was deployed with; with the first, access control is on",
        ),
        grants: defaulted(grants, [], "who may do what in every namespace"),
      },
      { planned: ["pause"] },
    ),
    "how it should be",
  ),
});
