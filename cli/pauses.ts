import { type ServiceKey, splitServiceKey } from "../core/model/ids.ts";
import type { ServiceRecords } from "./read-records.ts";

/** What is held: everything of the install, of the namespace or of the service, or the service's rollout alone. */
export type Pause = "install" | "namespace" | "service" | "rollout";

/** The widest pause that holds a service; null: nothing does. */
export function pauseOf({ spec, pausedAbove }: Pick<ServiceRecords, "spec" | "pausedAbove">): Pause | null {
  if (pausedAbove) return pausedAbove;
  if (spec?.paused) return "service";
  return spec?.rolloutPaused ? "rollout" : null;
}

/** What a pause holds, and the command that ends it. */
interface Told {
  readonly what: string;
  readonly end: string;
}

/** A pause beside its title: what it holds, and what ends it. */
export function pauseText(pause: Pause, key: ServiceKey): string {
  const { what, end } = told(pause, key);
  return `${what}; ${end} ends it`;
}

/** That something is held, and what ends it: `namespace shop is paused; longshore resume namespace shop ends it`. */
export function heldText(pause: Pause, key: ServiceKey): string {
  const { what, end } = told(pause, key);
  return `${what} is paused; ${end} ends it`;
}

/** The same of what is held still, after another pause has ended. */
export function stillHeldText(pause: Pause, key: ServiceKey): string {
  const { what, end } = told(pause, key);
  return `${what} stays paused; ${end} ends it`;
}

function told(pause: Pause, key: ServiceKey): Told {
  const { namespace } = splitServiceKey(key);
  const texts: Readonly<Record<Pause, Told>> = {
    install: { what: "the install", end: "longshore resume install" },
    namespace: { what: `namespace ${namespace}`, end: `longshore resume namespace ${namespace}` },
    service: { what: "the service", end: `longshore resume service ${key}` },
    rollout: { what: "the rollout", end: `longshore rollout resume ${key}` },
  };
  return texts[pause];
}
