import type { Settings } from "../../core/model/settings.ts";
import type { Ports } from "../../core/ports/index.ts";
import type { ContainerOrder } from "../ecs/api.ts";
import type { VirtualBehaviour } from "../ecs/virtual-driver.ts";
import type { CallSite, Faults, HandlerName } from "./call-site.ts";
import type { Answer } from "./calls.ts";
import type { EventDelivery } from "./event-messages.ts";

/** What a world is like; the same options give the same run. */
export interface WorldOptions {
  /** Decides everything that is drawn. */
  readonly seed?: number;
  /** How events of ECS arrive; default true: at once. */
  readonly events?: EventDelivery;
  /** How often each message is delivered: 2, and both deliveries are there at once. Default 1. */
  readonly deliveries?: 1 | 2;
  /** Nodes at the start; each has room for 16 tasks of 256 CPU units and 512 MiB. Default 3. */
  readonly nodes?: number;
  readonly faults?: Faults;
  /** Passes that run at once, interleaved call by call as the seed draws. Default 1: one after another. */
  readonly parallel?: number;
  /** Passes started for each job, interleaved. Default 1. */
  readonly copies?: number;
  /** How long a call of a port takes, ms; 0: only waits take time, as if everything ran at once. Default 2. */
  readonly callMs?: number;
  /** What `random.fraction` always answers: 1 makes every jitter the whole of it. */
  readonly fraction?: number;
  readonly quota?: Partial<Settings["quota"]>;
  /** How containers behave; default: they start after 2 s and are healthy a second later. */
  readonly behave?: (order: ContainerOrder) => VirtualBehaviour;
  readonly drainsWholeDelay?: boolean;
  /** Whether every invariant is checked at every call. Default true; a benchmark asks for the cost of the product alone. */
  readonly checks?: boolean;
  /** A run that calls more often than this in one virtual minute is taken to go in circles; default 60,000, enough for 100 tasks. */
  readonly mostCallsAMinute?: number;
  /** Put around the work of each pass: for those who count its calls or its time, through ports of their own around the given ones. */
  readonly around?: Around;
  /** Told of each call that was carried out, and of what came of it. */
  readonly answered?: (site: CallSite, answer: Answer) => void;
}

/** What a pass does. */
export type Work = (ports: Ports) => Promise<void>;

/** Makes of the work of a pass one that is watched; it has to do the same. */
export type Around = (handler: HandlerName, work: Work) => Work;
