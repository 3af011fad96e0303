import { admitManifest } from "../../core/admission/index.ts";
import { aManifestWith } from "./manifests.ts";

/** Every issue of the minimal manifest with changes, as `path: message`. */
export function issuesWith(changes: Readonly<Record<string, unknown>>): readonly string[] {
  const admission = admitManifest(aManifestWith(changes));
  return admission.ok ? [] : admission.issues.map(({ path, message }) => `${path}: ${message}`);
}

/** Where there are issues. */
export function pathsWith(changes: Readonly<Record<string, unknown>>): readonly string[] {
  return issuesWith(changes).map((issue) => issue.slice(0, issue.indexOf(": ")));
}

/** What is read of the task of the minimal manifest with changes. */
export function taskWith(changes: Readonly<Record<string, unknown>>) {
  const admission = admitManifest(aManifestWith(changes));
  if (!admission.ok) throw new Error(JSON.stringify(admission.issues));
  return admission.manifest.spec.task;
}
