import { decideScale, type ScaleDecision } from "../autoscale/scale.ts";
import { slotCount } from "../model/slots.ts";
import { resolveBounds } from "../rollout/bounds.ts";
import { decideRollout, targetOf } from "./rollout.ts";
import { type Aimed, currentState, type Planned } from "./snapshot.ts";

/** Decides how many tasks are wanted, and of which revision: what everything else of a pass stands on. */
export function takeAim(snapshot: Planned): Aimed {
  const { manifest, deleting } = snapshot.spec;
  const scaling = decideScaling(snapshot);
  const replicas = deleting ? 0 : (scaling?.scale.replicas ?? manifest.spec.replicas);
  const rollout = decideRollout(snapshot, replicas);
  const bounds = resolveBounds(manifest.spec.rollout, replicas);
  const isRolling = manifest.spec.rollout.strategy === "rolling";
  return {
    ...snapshot,
    aim: {
      replicas,
      ...bounds,
      minAvailable: isRolling ? replicas - bounds.unavailable : replicas,
      target: targetOf(snapshot, rollout),
      rollout,
      scaling,
    },
  };
}

function decideScaling(snapshot: Planned): ScaleDecision | undefined {
  const { spec, metrics, nowMs } = snapshot;
  const { autoscaling, replicas } = spec.manifest.spec;
  if (autoscaling === undefined || spec.deleting) return undefined;
  const state = currentState(snapshot);
  // Added to a service that runs, it begins with what is planned there.
  const firstReplicas = state === undefined ? replicas : slotCount(state.plan.sets);
  return decideScale({ autoscaling, metrics, previous: state?.scale, firstReplicas, nowMs });
}
