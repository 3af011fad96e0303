import type { InstallManifest, NamespaceManifest } from "../model/grants.ts";
import type { Issue } from "../model/issue.ts";
import type { Scope } from "../model/scope.ts";
import type { ServiceManifest } from "../model/service.ts";
import { type Findings, issuesOf, noFindings } from "./findings.ts";
import { installSchema, namespaceSchema } from "./grants-schema.ts";
import { isMap, type Json } from "./json.ts";
import { readService } from "./manifest.ts";
import { type Draft, object, required } from "./objects.ts";
import { documentRoot, type Place } from "./place.ts";
import { isPlain } from "./plain.ts";
import { oneOf, type Reader } from "./readers.ts";
import { plannedKinds, serviceSchema } from "./service-schema.ts";

/** What says who may do what. */
export type ScopeManifest = NamespaceManifest | InstallManifest;

/** What people write, of any kind that is built. */
export type Manifest = ServiceManifest | ScopeManifest;

/** What became of a document: the whole of its manifest, or every issue in it. */
export type AnyAdmission =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Admits one document of any kind that was already parsed, as `admitManifest` admits a service's. */
export function admitAnyManifest(document: unknown): AnyAdmission {
  const findings = noFindings();
  const read = isPlain(document, documentRoot, findings)
    ? readAny(document, serviceSchema, documentRoot, findings)
    : undefined;
  const issues = issuesOf(findings);
  if (read === undefined || issues.length > 0) return { ok: false, issues };
  return { ok: true, manifest: read.of === "scope" ? read.manifest : (read.draft as ServiceManifest) };
}

const head = object<{ readonly kind: Manifest["kind"] }>(
  {
    kind: required(
      oneOf(["Service", "Namespace", "Install"], (word) => plannedKinds.includes(word)),
      "what it describes",
    ),
  },
  { open: true },
);

/** A manifest as far as it could be read: of a scope it is whole. */
export type AnyDraft<Whole> =
  | { readonly of: "service"; readonly draft: Draft<Whole> }
  | { readonly of: "scope"; readonly manifest: ScopeManifest };

/**
 * Reads a manifest by its kind; one that names none is read as a service's.
 * @param service Its schema: a command's has more fields than a manifest's.
 */
export function readAny<Whole extends ServiceManifest>(
  value: Json,
  service: Reader<Draft<Whole>>,
  place: Place,
  findings: Findings,
): AnyDraft<Whole> | undefined {
  const kind = isMap(value) ? value.kind : undefined;
  if (kind === undefined || kind === "Service") {
    const draft = readService(value, service, place, findings);
    return draft && { of: "service", draft };
  }
  const scopes = { Namespace: namespaceSchema, Install: installSchema };
  const isOfScope = kind === "Namespace" || kind === "Install";
  const draft = (isOfScope ? scopes[kind] : head).read(value, place, findings);
  const isWhole = isOfScope && draft !== undefined && findings.issues.length === 0;
  return isWhole ? { of: "scope", manifest: draft as ScopeManifest } : undefined;
}

/** What a manifest of grants is about. */
export function scopeOf(manifest: ScopeManifest): Scope {
  return manifest.kind === "Install" ? { kind: "Install" } : { kind: "Namespace", name: manifest.metadata.name };
}
