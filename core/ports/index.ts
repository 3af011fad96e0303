import type { Settings } from "../model/settings.ts";
import type { Clock, Random } from "./clock.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Queues } from "./queues.ts";
import type { Store } from "./store.ts";
import type { Targets } from "./targets.ts";
import type { Tasks } from "./tasks.ts";

/** All that a step needs from the world. */
export interface Ports {
  readonly settings: Settings;
  readonly store: Store;
  readonly queues: Queues;
  readonly tasks: Tasks;
  readonly targets: Targets;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}
