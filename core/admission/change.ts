import type { SpecRecord } from "../model/records.ts";
import { apply, remove, scale } from "./apply.ts";
import { cancel, restart } from "./attempts.ts";
import type { ServiceCommand } from "./command.ts";
import type { Ground } from "./ground.ts";
import { type Change, type Rejection, refused, superseded } from "./outcomes.ts";
import { pause, resume } from "./pauses.ts";
import { rollback } from "./rollback.ts";

/** The parts of a spec whose writes are told apart: by the version at which each was written last. */
type Part = "wroteManifest" | "wroteReplicas" | "wrotePause";

/** What each command writes: who was received before somebody else's write of the same part is superseded. */
const parts: Readonly<Record<ServiceCommand["type"], readonly Part[]>> = {
  apply: ["wroteManifest", "wroteReplicas"],
  scale: ["wroteReplicas"],
  delete: ["wroteManifest"],
  restart: ["wroteManifest"],
  rollback: ["wroteManifest"],
  cancel: ["wroteManifest"],
  pause: ["wrotePause"],
  resume: ["wrotePause"],
};

/**
 * Decides what an admitted command changes. Two commands that write the same part do not merge: the one that was received
 * before the other's write is superseded. The same content again changes nothing.
 */
export function decideChange(command: ServiceCommand, ground: Ground): Change {
  const { spec } = ground;
  if (isOver(command, ground)) return { kind: "nothing", generation: spec?.generation ?? ground.lastGeneration };
  return checkGeneration(command, spec) ?? checkBase(command, ground) ?? carryOut(command, ground);
}

function carryOut(command: ServiceCommand, ground: Ground): Change {
  switch (command.type) {
    case "apply":
      return apply(command, ground);
    case "scale":
      return scale(command, ground);
    case "delete":
      return remove(command, ground);
    case "restart":
      return restart(command, ground);
    case "rollback":
      return rollback(command, ground);
    case "cancel":
      return cancel(command, ground);
    case "pause":
      return pause(command, ground);
    case "resume":
      return resume(command, ground);
  }
}

/** The life that this delete was to end is over: by this very command, perhaps. A later life is none of its business. */
function isOver({ type }: ServiceCommand, { spec, base, baseUid }: Ground): boolean {
  return type === "delete" && base > 0 && (spec === undefined || (baseUid !== undefined && spec.uid !== baseUid));
}

function checkGeneration({ ifGeneration }: ServiceCommand, spec: SpecRecord | undefined): Rejection | undefined {
  const generation = spec?.generation ?? 0;
  if (ifGeneration === undefined || ifGeneration === generation) return undefined;
  return refused(
    "generation-mismatch",
    "ifGeneration",
    `ifGeneration is ${ifGeneration}, but the service is at generation ${generation}; look at what changed, then send it again`,
  );
}

function checkBase(
  { type }: ServiceCommand,
  { spec, base, baseGeneration, baseUid, lastGeneration }: Ground,
): Rejection | undefined {
  if (spec === undefined) {
    // It was being deleted when this command was received: the delete came first, and is over.
    const wasDeleting = baseGeneration === lastGeneration;
    return base === 0 || wasDeleting
      ? undefined
      : superseded("the service was deleted after this command was received");
  }
  // Versions of one life only grow.
  const isLater = baseUid !== undefined && spec.uid !== baseUid;
  if (spec.version < base || isLater)
    return superseded("the service was deleted and made again after this command was received");
  return parts[type].some((part) => (spec[part] ?? 0) > base)
    ? superseded("another command wrote the same part of the spec after this one was received")
    : undefined;
}
