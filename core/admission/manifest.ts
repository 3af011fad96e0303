import type { Issue } from "../model/issue.ts";
import type { ServiceManifest } from "../model/service.ts";
import { type Findings, issuesOf, noFindings } from "./findings.ts";
import { isMap, type Json } from "./json.ts";
import { type Draft, type Fields, object } from "./objects.ts";
import { child, documentRoot, type Place } from "./place.ts";
import { isPlain } from "./plain.ts";
import type { Reader } from "./readers.ts";
import { capacityOf, specRules } from "./rules.ts";
import { serviceSchema } from "./service-schema.ts";
import { sizeTask } from "./task-size.ts";

/** What became of a manifest: the whole of it, or every issue in it. */
export type ManifestAdmission =
  | { readonly ok: true; readonly manifest: ServiceManifest }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/**
 * Admits one document that was already parsed, with aliases off: the whole manifest with every default filled in, or every
 * issue in it. What was admitted is admitted again unchanged. Never throws; the document is neither changed nor kept.
 */
export function admitManifest(document: unknown): ManifestAdmission {
  const findings = noFindings();
  const draft = isPlain(document, documentRoot, findings)
    ? readService(document, serviceSchema, documentRoot, findings)
    : undefined;
  const issues = issuesOf(findings);
  return draft === undefined || issues.length > 0
    ? { ok: false, issues }
    : { ok: true, manifest: draft as ServiceManifest };
}

/**
 * Reads a service by a schema that may have more fields than a manifest, and looks at fields that have to go together.
 * Of another kind only the head is read: whatever it holds, the kind is what is wrong.
 */
export function readService<Whole extends ServiceManifest>(
  value: Json,
  schema: Reader<Draft<Whole>>,
  place: Place,
  findings: Findings,
): Draft<Whole> | undefined {
  if (isMap(value) && value.kind !== undefined && value.kind !== "Service") {
    head.read(value, place, findings);
    return undefined;
  }
  const draft = schema.read(value, place, findings);
  return draft && settleSpec(draft, child(place, "spec"), findings);
}

const headFields: Fields<Pick<ServiceManifest, "apiVersion" | "kind">> = {
  apiVersion: serviceSchema.fields.apiVersion,
  kind: serviceSchema.fields.kind,
};
const head = object(headFields, { open: true });

function settleSpec<D extends Draft<ServiceManifest>>(draft: D, place: Place, findings: Findings): D {
  const { spec } = draft;
  if (!spec) return draft;
  for (const rule of specRules) rule(spec, place, findings);
  if (!spec.task) return draft;
  return {
    ...draft,
    spec: { ...spec, task: sizeTask(spec.task, capacityOf(spec) === "fargate", child(place, "task"), findings) },
  };
}
