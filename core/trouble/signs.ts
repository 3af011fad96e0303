import type { ServiceKey } from "../model/ids.ts";
import type { CallRecord, SpecRecord, StateRecord } from "../model/records.ts";
import type { Settings } from "../model/settings.ts";
import type { DeadLetters } from "../ports/queues.ts";

/** What the sweep read that may be a sign of trouble. */
export interface Signs {
  readonly nowMs: number;
  readonly settings: Pick<Settings, "accountShare">;
  readonly deadLetters: readonly DeadLetters[];
  readonly budgets: readonly Budget[];
  readonly suspects: readonly Suspect[];
}

/** `account#<region>` / `budget#<bucket>`: the window that was opened last, and until when the budget is halved. */
export interface Budget {
  readonly sort: string;
  readonly windowMs?: number;
  readonly used?: number;
  /** AWS throttled a call of the bucket within the minute before that. */
  readonly halvedUntilMs?: number;
}

/** A service that was looked into, or could not be. */
export type Suspect =
  | {
      readonly kind: "read";
      readonly key: ServiceKey;
      /** It, its namespace or the install is paused. */
      readonly paused: boolean;
      /** When the last pause ended; 0: there was none. */
      readonly resumedAtMs: number;
      readonly spec?: SpecRecord;
      readonly state?: StateRecord;
      readonly calls: readonly CallRecord[];
      /** Why no handler acts on it. */
      readonly unsound?: string;
    }
  | { readonly kind: "unread"; readonly key: ServiceKey; readonly reason: string };

/** A service whose records were read. */
export type ReadSuspect = Extract<Suspect, { readonly kind: "read" }>;
