import { canonicalJson } from "../model/canonical.ts";
import type { Revision } from "../model/ids.ts";
import { isLive, pendingCalls, takenSlots } from "../model/living.ts";
import type { Plan, PlannedSet } from "../model/records.ts";
import { indicesOf, type Slots, slotNames } from "../model/slots.ts";
import { decideSizes } from "../rollout/sizes.ts";
import { availableIn, chooseSlots, type Occupants, occupantsOf, usableSlots } from "./choose-slots.ts";
import { type Aimed, currentState, type Planned } from "./snapshot.ts";

/** A task that has not reached RUNNING by then has failed to start: image pulls of 10 minutes are the slowest we wait for. */
const startDeadlineSeconds = 600;

const empty: Plan = { sets: [], maxLive: 0, barred: [] };

/** When a revision may start again after its failures, ms; 0: at once. */
export type NotBefore = (revision: Revision) => number;

/**
 * Decides what may run, and how many of each revision. It starts nothing: dispatch fills the slots.
 *
 * A rolling update moves the sizes of the sets as Kubernetes does (`core/rollout/sizes.ts`); `recreate` lets nothing new
 * live until everything old is gone. Slots are kept while their revision has a place in the plan, so that a task stays
 * where it is; a smaller count gives up the slots that are least use first.
 */
export function decidePlan(snapshot: Aimed, notBefore: NotBefore): Plan {
  const { spec, revisions, aim } = snapshot;
  if (spec.deleting) return { ...empty, barred: revisions.map(({ revision }) => revision).toSorted() };
  if (aim.target === undefined) return currentPlan(snapshot);
  const occupants = occupantsOf(snapshot);
  const sized = sizesOf(snapshot, aim.target, occupants);
  const sets = sized.flatMap(({ revision, previous, size }) => {
    // What an older revision gives up is filled by the target's tasks; what the target gives up, by nobody's.
    const givingUp = revision === aim.target ? "last first" : "node by node";
    const slots = chooseSlots(previous, size, occupants.get(revision), givingUp);
    return slots === "" && revision !== aim.target ? [] : (setOf(snapshot, revision, slots, notBefore) ?? []);
  });
  const waitsForOld = isRecreated(snapshot) && othersLive(snapshot, heirOf(snapshot, aim.target));
  return { sets, maxLive: waitsForOld ? 0 : aim.replicas + aim.surge, barred: barredOf(snapshot, sets) };
}

interface Sized {
  readonly revision: Revision;
  readonly previous: readonly number[];
  readonly size: number;
}

/** How many slots each revision has from now on, the older ones first, then the target. */
function sizesOf(snapshot: Aimed, target: Revision, occupants: Occupants): readonly Sized[] {
  const { spec, aim } = snapshot;
  const plan = currentPlan(snapshot);
  const before = (revision: string, isKept: boolean) => {
    const previous = indicesOf(plan.sets.find((set) => set.revision === revision)?.slots ?? ("" as Slots));
    const slots = occupants.get(revision);
    const usable = usableSlots(slots);
    const size = isKept ? Math.max(previous.length, usable.length) : usable.length;
    const available = availableIn(slots);
    return { revision: revision as Revision, previous, size, available };
  };
  const stable = currentState(snapshot)?.stable;
  const older = olderRevisions(snapshot, target, occupants).map((revision) => ({
    ...before(revision, revision === stable),
    proven: revision === stable,
  }));
  if (isRecreated(snapshot)) {
    const heir = heirOf(snapshot, target);
    const main = { ...before(target, true), size: heir === target ? aim.replicas : 0 };
    return heir === target ? [main] : [{ ...before(heir, true), size: aim.replicas }, main];
  }
  // Held in the middle of a recreate: also then nothing new starts beside what is old.
  const isWaiting = spec.manifest.spec.rollout.strategy === "recreate" && othersLive(snapshot, target);
  const main = before(target, !isWaiting);
  const sizes = decideSizes({
    ...aim,
    sizedFor: plan.maxLive === 0 ? undefined : plan.maxLive,
    paused: spec.rolloutPaused === true,
    target: { ...main, barred: isWaiting || isBarred(aim, target) },
    older,
  });
  return [...older.map((each, index) => ({ ...each, size: sizes.older[index] ?? 0 })), { ...main, size: sizes.target }];
}

/** Whether everything old has to go before anything new starts; not while the rollout is held. */
function isRecreated({ spec }: Planned): boolean {
  return spec.manifest.spec.rollout.strategy === "recreate" && spec.rolloutPaused !== true;
}

/** What a recreate lets live alone: the target; or what is proven, once the target has failed and nothing of it is left. */
function heirOf(snapshot: Aimed, target: Revision): Revision {
  const stable = currentState(snapshot)?.stable;
  const isOver = isBarred(snapshot.aim, target) && !lives(snapshot, (revision) => revision === target);
  const isKnown = snapshot.revisions.some(({ revision }) => revision === stable);
  return stable !== undefined && isOver && isKnown ? stable : target;
}

/** Every other revision that has a place in the stored plan or a task: the unproven ones by age, then the stable one, which may come back. */
function olderRevisions(snapshot: Aimed, target: Revision, occupants: Occupants): readonly Revision[] {
  const { revisions } = snapshot;
  const stable = currentState(snapshot)?.stable;
  const ages = new Map<string, number>(revisions.map(({ revision, createdAtMs }) => [revision, createdAtMs]));
  const planned = currentPlan(snapshot).sets.map(({ revision }) => revision);
  const found = new Set([...planned, ...occupants.keys(), ...(stable === undefined ? [] : [stable])]);
  return [...found]
    .filter((revision) => revision !== target && ages.has(revision))
    .toSorted(
      (a, b) =>
        Number(a === stable) - Number(b === stable) || (ages.get(a) ?? 0) - (ages.get(b) ?? 0) || (a < b ? -1 : 1),
    )
    .map((revision) => revision as Revision);
}

function setOf(snapshot: Aimed, revision: Revision, slots: Slots, notBefore: NotBefore): PlannedSet | undefined {
  const { spec, wanted, revisions } = snapshot;
  const { priority, placement } = spec.manifest.spec;
  const content =
    revision === wanted.revision ? wanted.content : revisions.find((each) => each.revision === revision)?.content;
  return (
    content && {
      id: revision,
      revision,
      role: "main",
      slots,
      priority,
      placement,
      capacity: content.capacity,
      startDeadlineSeconds,
      notBeforeMs: notBefore(revision),
    }
  );
}

/** What may not start: a revision that was tried in vain, and every other that is neither the target nor proven. */
function barredOf(snapshot: Aimed, sets: readonly PlannedSet[]): readonly Revision[] {
  const { aim } = snapshot;
  const stable = currentState(snapshot)?.stable;
  const failed = aim.rollout.failure === undefined ? [] : [aim.rollout.revision];
  const others = sets.map(({ revision }) => revision).filter((each) => each !== aim.target && each !== stable);
  return [...new Set([...failed, ...others])].toSorted();
}

function isBarred({ rollout }: Aimed["aim"], revision: Revision): boolean {
  return rollout.failure !== undefined && rollout.revision === revision;
}

/** The stored plan of this life. */
function currentPlan(snapshot: Planned): Plan {
  return currentState(snapshot)?.plan ?? empty;
}

/** Whether a plan allows less than another did: a slot, a revision or a live task fewer. Such a plan has to be sealed. */
export function takesAway(before: Plan | undefined, after: Plan): boolean {
  if (before === undefined) return false;
  if (after.maxLive < before.maxLive || after.barred.some((revision) => !before.barred.includes(revision))) return true;
  return before.sets.some((set) => {
    const kept = new Set(
      indicesOf(after.sets.find(({ revision }) => revision === set.revision)?.slots ?? ("" as Slots)),
    );
    return indicesOf(set.slots).some((index) => !kept.has(index));
  });
}

/** Whether two plans allow the same; when they allow it is left out. */
export function samePlan(a: Plan | undefined, b: Plan): boolean {
  return a !== undefined && canonicalJson(untimed(a)) === canonicalJson(untimed(b));
}

function untimed({ sets, ...plan }: Plan) {
  return { ...plan, sets: sets.map((set) => ({ ...set, notBeforeMs: 0 })) };
}

/** The sets of a plan with their slots in which something may start, back-off aside: nothing lives or may live there. */
export function emptySlots(
  plan: Plan,
  snapshot: Planned,
): readonly { readonly set: PlannedSet; readonly slots: readonly string[] }[] {
  const taken = takenSlots(snapshot);
  return plan.sets.flatMap((set) => {
    const slots = plan.barred.includes(set.revision) ? [] : slotNames(set).filter((name) => !taken.has(name));
    return slots.length > 0 ? [{ set, slots }] : [];
  });
}

/** Whether anything of another revision lives or may live. */
function othersLive(snapshot: Planned, revision: string): boolean {
  return lives(snapshot, (each) => each !== revision);
}

/** Whether anything lives or may live of a revision that is one of those. */
function lives(snapshot: Planned, isMeant: (revision: string) => boolean): boolean {
  return (
    snapshot.tasks.some((task) => isLive(task) && task.revision !== undefined && isMeant(task.revision)) ||
    pendingCalls(snapshot).some((call) => isMeant(call.revision))
  );
}
