import { canonicalJson } from "../model/canonical.ts";
import type { RevisionRecord, SpecRecord } from "../model/records.ts";
import type { ServiceManifest } from "../model/service.ts";
import { orList } from "../words/or-list.ts";
import { attempt } from "./attempts.ts";
import type { ServiceCommand } from "./command.ts";
import type { Ground, History } from "./ground.ts";
import { admitManifest } from "./manifest.ts";
import { absent, type Change, nextGeneration, nothing, refused } from "./outcomes.ts";

type Rollback = ServiceCommand & { type: "rollback" };

/** Revisions that a refusal names, the latest first. */
const mostNamed = 10;

/**
 * Writes what an earlier revision ran into the spec: its task, its capacity and its count of restarts; the rest stays.
 * Without `to` it is what the last complete rollout left running, and where that is what the spec wants the latest other one
 * that was ever live: so a second rollback undoes the first, and none goes to what is known to fail.
 */
export function rollback(command: Rollback, ground: Ground): Change {
  const { key, to } = command;
  const { spec, history } = ground;
  if (spec === undefined || spec.deleting) return absent(key, spec);
  const known = history.revisions.filter(({ expiresAt }) => expiresAt === undefined).toSorted(latestFirst);
  const earlier = known.filter((record) => !isWanted(record, spec, history));
  const stable = earlier.filter(({ revision }) => revision === history.state?.stable);
  const proven = earlier.filter((record) => record.proven === true && record.failed === undefined);
  const meant = to === undefined ? [...stable, ...proven] : known.filter((record) => isCalled(record, to));
  const [found, ...others] = typeof to === "string" ? meant : meant.slice(0, 1);
  if (found === undefined && typeof to === "string" && history.wanted?.startsWith(to)) return nothing(spec);
  if (found === undefined) return refused("no-revision", "to", whatThereIs(command, earlier));
  if (others.length > 0)
    return refused("ambiguous", "to", `${to} is the start of ${named(meant)}; give more of the name`);
  return isWanted(found, spec, history) ? nothing(spec) : goBack(ground, spec, found);
}

function goBack(ground: Ground, spec: SpecRecord, { revision, generation, given, content }: RevisionRecord): Change {
  const manifest = withContent(spec.manifest, given);
  const admission = admitManifest(manifest);
  if (admission.ok)
    return nextGeneration(ground, spec, { manifest, restarts: content.restarts, ...attempt(spec), isRollback: true });
  const [issue] = admission.issues;
  return refused(
    "conflict",
    "to",
    `revision ${revision} (generation ${generation}) does not go with the rest of the spec (${issue?.path}: ${issue?.message}); apply the manifest that is meant`,
  );
}

function withContent(
  { spec, ...manifest }: ServiceManifest,
  { task, capacity }: RevisionRecord["given"],
): ServiceManifest {
  return { ...manifest, spec: { ...spec, task, placement: { ...spec.placement, capacity } } };
}

/** Of the present name, or of the same words: then only defaults of the install make another name of it. */
function isWanted(record: RevisionRecord, { manifest, restarts }: SpecRecord, { wanted }: History): boolean {
  if (record.revision === wanted) return true;
  return (
    record.content.restarts === restarts &&
    canonicalJson(withContent(manifest, record.given)) === canonicalJson(manifest)
  );
}

function isCalled({ revision, generation }: RevisionRecord, to: number | string): boolean {
  return typeof to === "number" ? generation === to : revision.startsWith(to);
}

function whatThereIs({ key, to }: Rollback, earlier: readonly RevisionRecord[]): string {
  if (earlier.length === 0) return `service ${key} has no earlier revision to go back to`;
  if (to === undefined)
    return `service ${key} has no earlier revision that was ever live; name one with to: ${named(earlier)}`;
  const what = typeof to === "number" ? `no revision of generation ${to}` : `no revision ${to}`;
  return `service ${key} has ${what}; it can go back to ${named(earlier)}`;
}

function named(records: readonly RevisionRecord[]): string {
  return orList(
    records.slice(0, mostNamed).map(({ revision, generation }) => `generation ${generation} (${revision})`),
  );
}

function latestFirst(a: RevisionRecord, b: RevisionRecord): number {
  return b.generation - a.generation || b.createdAtMs - a.createdAtMs || (a.revision < b.revision ? -1 : 1);
}
