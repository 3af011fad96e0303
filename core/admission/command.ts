import { type ServiceKey, serviceKey } from "../model/ids.ts";
import type { Issue } from "../model/issue.ts";
import type { Scope } from "../model/scope.ts";
import type { ServiceManifest } from "../model/service.ts";
import { escaped } from "../words/escaped.ts";
import { orList } from "../words/or-list.ts";
import { readAny, type ScopeManifest, scopeOf } from "./any-manifest.ts";
import {
  applySchema,
  bareSchema,
  type CommandFields,
  type EnvelopeFields,
  envelopeSchema,
  installPauseSchema,
  namespacePauseSchema,
  pauseSchema,
  rollbackSchema,
  scaleSchema,
} from "./command-schema.ts";
import { type Findings, issuesOf, noFindings, report } from "./findings.ts";
import { isMap, type Json, type JsonMap } from "./json.ts";
import { maxCommandBytes } from "./limits.ts";
import type { Draft } from "./objects.ts";
import { parseJson } from "./parse-json.ts";
import { child, documentRoot, envelopeRoot, type Place } from "./place.ts";
import { isPlain } from "./plain.ts";
import { nameText } from "./words.ts";

interface Aimed {
  readonly key: ServiceKey;
  /** The generation that the sender saw; 0: the service must not exist. Absent: whatever it is. */
  readonly ifGeneration?: number;
  /** It is meant to take away more than half of the tasks, of 4 or more. */
  readonly confirm: boolean;
}

/** What somebody may ask of a service, once it was admitted. */
export type ServiceCommand = Aimed &
  (
    | { readonly type: "apply"; readonly manifest: ServiceManifest }
    | { readonly type: "scale"; readonly replicas: number }
    | { readonly type: "delete" | "restart" | "cancel" }
    /** A generation that brought a revision in, or the start of a revision's name; absent: the one before. */
    | { readonly type: "rollback"; readonly to?: number | string }
    | { readonly type: "pause" | "resume"; readonly only?: "rollout" }
  );

/** What concerns more than one service: the kill switch, and who may do what. */
export type ScopeCommand =
  | { readonly type: "pause" | "resume"; readonly scope: Scope }
  | { readonly type: "apply"; readonly scope: Scope; readonly manifest: ScopeManifest };

/** What somebody may ask for, once it was admitted. */
export type Command = ServiceCommand | ScopeCommand;

/** What became of a message's text. `id` and `source` are absent when the sender gave none. */
export type Admission =
  | { readonly ok: true; readonly command: Command; readonly id?: string; readonly source?: string }
  | {
      readonly ok: false;
      /** At least one. */
      readonly issues: readonly Issue[];
      readonly id?: string;
      readonly source?: string;
      readonly type?: string;
      /** The service that it names, or else the scope, as far as that could be read. */
      readonly object?: ServiceKey;
      readonly scope?: Scope;
    };

type CommandReader = (content: Json, place: Place, findings: Findings) => Command | undefined;

const prefix = "dev.longshore.";

const commands: ReadonlyMap<string, CommandReader> = new Map([
  [`${prefix}apply`, readApply],
  [`${prefix}scale`, readScale],
  [`${prefix}delete`, bare("delete")],
  [`${prefix}restart`, bare("restart")],
  [`${prefix}rollback`, readRollback],
  [`${prefix}pause`, pauseOrResume("pause")],
  [`${prefix}resume`, pauseOrResume("resume")],
  [`${prefix}cancel`, bare("cancel")],
]);

const plannedTypes = "promote run cordon drain uncordon".split(" ");

/**
 * Admits the text of one message: a CloudEvent that carries a command. In this order, each before the next costs anything:
 * its size, JSON, depth and count of values, the envelope, the command's own fields. Never throws, whatever the text.
 * @param sizeBytes Of the text as UTF-8, at most 64 KiB; core cannot measure it.
 */
export function admitCommand(text: string, sizeBytes: number): Admission {
  const findings = noFindings();
  const document = parseWithinLimits(text, sizeBytes, findings);
  const isSound = document !== undefined && isPlain(document, envelopeRoot, findings);
  const envelope = document === undefined ? undefined : envelopeSchema.read(document, envelopeRoot, findings);
  const command = isSound && envelope ? readCommand(envelope, document, findings) : undefined;
  const issues = issuesOf(findings);
  const origin = originOf(envelope);
  if (command && issues.length === 0) return { ok: true, command, ...origin };
  const type = envelope?.type;
  return { ok: false, issues, ...origin, ...(type !== undefined && { type }), ...namedBy(document) };
}

function parseWithinLimits(text: string, sizeBytes: number, findings: Findings): Json | undefined {
  // No text has fewer bytes than UTF-16 code units: a size that was measured wrongly lets nothing large through.
  const size = Math.max(sizeBytes, text.length);
  if (size <= maxCommandBytes) return parseJson(text, envelopeRoot, findings);
  return report(
    findings,
    documentRoot,
    "too-large",
    () => `a command must be at most ${maxCommandBytes} bytes, got ${size}`,
  );
}

function readCommand({ type }: Draft<EnvelopeFields>, document: Json, findings: Findings): Command | undefined {
  if (type === undefined || !isMap(document)) return undefined;
  const read = commands.get(type);
  if (read) return document.data === undefined ? undefined : read(document.data, child(envelopeRoot, "data"), findings);
  const place = child(envelopeRoot, "type");
  const allowed = orList([...commands.keys()]);
  if (plannedTypes.some((planned) => type === prefix + planned)) {
    return report(findings, place, "not-built", () => `${type} is not built yet; use ${allowed}`);
  }
  return report(findings, place, "unknown", () => `type must be ${allowed}, got "${escaped(type)}"`);
}

function readApply(content: Json, place: Place, findings: Findings): Command | undefined {
  const read = readAny<ServiceManifest & CommandFields>(content, applySchema, place, findings);
  if (!read) return undefined;
  if (read.of === "scope") return { type: "apply", scope: scopeOf(read.manifest), manifest: read.manifest };
  const { ifGeneration, confirm, ...manifest } = read.draft;
  const aim = aimOf(read.draft);
  return aim && { type: "apply", ...aim, manifest: manifest as ServiceManifest };
}

function readScale(content: Json, place: Place, findings: Findings): Command | undefined {
  const draft = scaleSchema.read(content, place, findings);
  const aim = draft && aimOf(draft);
  return aim && draft.replicas !== undefined ? { type: "scale", ...aim, replicas: draft.replicas } : undefined;
}

function bare(type: "delete" | "restart" | "cancel"): CommandReader {
  return (content, place, findings) => {
    const draft = bareSchema.read(content, place, findings);
    const aim = draft && aimOf(draft);
    return aim && { type, ...aim };
  };
}

function readRollback(content: Json, place: Place, findings: Findings): Command | undefined {
  const draft = rollbackSchema.read(content, place, findings);
  const aim = draft && aimOf(draft);
  return aim && { type: "rollback", ...aim, ...(draft.to !== undefined && { to: draft.to }) };
}

/** What it names decides what else it may say. */
function pauseOrResume(type: "pause" | "resume"): CommandReader {
  return (content, place, findings) => {
    if (isMap(content) && (content.kind === "Namespace" || content.kind === "Install")) {
      const scope = readScope(content, place, findings);
      return scope && { type, scope };
    }
    const draft = pauseSchema.read(content, place, findings);
    const aim = draft && aimOf(draft);
    return aim && { type, ...aim, ...(draft.only !== undefined && { only: draft.only }) };
  };
}

function readScope(content: JsonMap, place: Place, findings: Findings): Scope | undefined {
  if (content.only !== undefined)
    report(
      findings,
      child(place, "only"),
      "conflict",
      () => "only goes with kind Service; the others pause as a whole",
    );
  if (content.kind === "Install") return installPauseSchema.read(content, place, findings) && { kind: "Install" };
  const { name } = namespacePauseSchema.read(content, place, findings)?.metadata ?? {};
  return name === undefined ? undefined : { kind: "Namespace", name };
}

type Aim = Draft<CommandFields & { readonly metadata: { readonly namespace: string; readonly name: string } }>;

/** Whom a command is for, and on which conditions; undefined when that could not be read. */
function aimOf({ metadata, ifGeneration, confirm = false }: Aim): Aimed | undefined {
  const { namespace, name } = metadata ?? {};
  if (namespace === undefined || name === undefined) return undefined;
  return { key: serviceKey(namespace, name), ...(ifGeneration !== undefined && { ifGeneration }), confirm };
}

function originOf({ id, source }: Draft<EnvelopeFields> = {}): { readonly id?: string; readonly source?: string } {
  return { ...(id !== undefined && { id }), ...(source !== undefined && { source }) };
}

/** What a document names, read without telling: its issues are told by whoever reads the command. */
function namedBy(document: Json | undefined): { readonly object?: ServiceKey; readonly scope?: Scope } {
  const content = isMap(document) ? document.data : undefined;
  if (!isMap(content)) return {};
  if (content.kind === "Install") return { scope: { kind: "Install" } };
  const metadata = isMap(content.metadata) ? content.metadata : {};
  const [namespace, name] = [metadata.namespace, metadata.name].map((part) =>
    nameText.read(part ?? null, documentRoot, noFindings()),
  );
  if (name === undefined) return {};
  if (content.kind === "Namespace") return { scope: { kind: "Namespace", name } };
  const isService = content.kind === undefined || content.kind === "Service";
  return isService && namespace !== undefined ? { object: serviceKey(namespace, name) } : {};
}
