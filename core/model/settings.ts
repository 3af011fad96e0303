import type { CapacityType } from "./service.ts";
import type { Network } from "./task-template.ts";

/** What an install was deployed with: the same for every pass of every handler. */
export interface Settings {
  /** Prefixes resources; the local cluster's is `longshore`. */
  readonly install: string;
  readonly region: string;
  /** The cluster of every namespace that nobody declared. */
  readonly cluster: string;
  /** Part of the account's API quotas that this install may use, 0 to 1. */
  readonly accountShare: number;
  readonly defaults: {
    readonly capacity: CapacityType;
    readonly network: Network;
    readonly executionRole?: string;
    /** awslogs group; absent: containers that name no log driver have none. */
    readonly logGroup?: string;
    /** Zone of each subnet, where known: on Fargate a call names the subnets of one zone. */
    readonly subnetZones: Readonly<Record<string, string>>;
  };
  /** Absolute caps of a namespace that nobody declared. */
  readonly quota: { readonly services: number; readonly tasks: number };
  /** Unique ids that may do everything, whatever is stored; absent or empty: those that are stored alone. */
  readonly administrators?: readonly string[];
  /** The functions' timeout, 30 s: leases and settling build on it. */
  readonly functionTimeoutMs: number;
}
