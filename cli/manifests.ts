import { issuesOf, noFindings } from "../core/admission/findings.ts";
import { admitAnyManifest, type Manifest, maxCommandBytes, scopeOf } from "../core/admission/index.ts";
import type { Json } from "../core/admission/json.ts";
import { parseJson } from "../core/admission/parse-json.ts";
import { documentRoot } from "../core/admission/place.ts";
import { type ServiceKey, serviceKey } from "../core/model/ids.ts";
import type { Issue } from "../core/model/issue.ts";
import { nameOfScope, type Scope } from "../core/model/scope.ts";
import { type ParsedDocument, parseYaml } from "./parse-yaml.ts";
import type { SourceFile } from "./read-files.ts";
import type { FileIssue } from "./render/messages.ts";

/** A command may have 64 KiB; some of it is the envelope's. */
const maxManifestBytes = maxCommandBytes - 1024;

/** A document that was admitted: what was written, not what it became, so that the install's defaults hold. */
export interface ManifestDocument {
  /** What it describes: a service; a namespace or the install. */
  readonly of: ServiceKey | Scope;
  readonly content: object;
}

/** What files describe, or everything that is wrong with any of them. */
export type Manifests =
  | { readonly ok: true; readonly manifests: readonly ManifestDocument[] }
  | { readonly ok: false; readonly issues: readonly FileIssue[] };

/** Reads every document of every file, and admits each as the install would. */
export function readManifests(files: readonly SourceFile[]): Manifests {
  const issues: FileIssue[] = [];
  const manifests = new Map<string, ManifestDocument>();
  for (const file of files) {
    const documents = parse(file, issues);
    for (const [index, document] of documents.entries()) {
      const { manifest, issues: found } = admit(document);
      const name = manifest ? nameOf(manifest.of) : "";
      const all = manifests.has(name) ? [...found, describedTwice(name)] : found;
      issues.push(...all.map((issue) => ({ file: file.name, document: index + 1, ...issue })));
      if (manifest) manifests.set(name, manifest);
    }
  }
  return issues.length > 0 ? { ok: false, issues } : { ok: true, manifests: [...manifests.values()] };
}

/** What a document describes, and what is wrong with it: either may be missing. */
function admit({ content, findings }: ParsedDocument): { manifest?: ManifestDocument; issues: readonly Issue[] } {
  const found = issuesOf(findings);
  if (content === undefined) return { issues: found };
  const bytes = Buffer.byteLength(JSON.stringify(content));
  if (bytes > maxManifestBytes) return { issues: [...found, tooLarge(bytes)] };
  const admission = admitAnyManifest(content);
  if (!admission.ok) {
    const told = new Set(found.map(({ path }) => path));
    return { issues: [...found, ...admission.issues.filter(({ path }) => !told.has(path))] };
  }
  return { manifest: { of: describedBy(admission.manifest), content: content as object }, issues: found };
}

function describedBy(manifest: Manifest): ServiceKey | Scope {
  if (manifest.kind !== "Service") return scopeOf(manifest);
  return serviceKey(manifest.metadata.namespace, manifest.metadata.name);
}

/** What a document describes, as people read it. */
export function nameOf(of: ManifestDocument["of"]): string {
  return typeof of === "string" ? `service ${of}` : nameOfScope(of);
}

function tooLarge(bytes: number): Issue {
  const message = `a manifest must be at most ${maxManifestBytes} bytes as JSON, got ${bytes}`;
  return { code: "too-large", path: "", message };
}

function parse(file: SourceFile, issues: FileIssue[]): readonly ParsedDocument[] {
  const tell = (code: string, message: string) =>
    void issues.push({ file: file.name, document: 0, code, path: "", message });
  if ("flaw" in file) {
    tell("too-large", file.flaw);
    return [];
  }
  const documents = file.name.endsWith(".json") ? [parseOne(file.text)] : parseYaml(file.text);
  if (documents.length === 0) tell("required", "a file must hold a manifest, got nothing");
  return documents;
}

function parseOne(text: string): ParsedDocument {
  const findings = noFindings();
  const content: Json | undefined = parseJson(text, documentRoot, findings);
  return { content, findings };
}

function describedTwice(what: string): Issue {
  return {
    code: "duplicate",
    path: "metadata.name",
    message: `${what} must be described once, but is described before; remove one`,
  };
}
