/** What a load balancer sends requests to: an address, or an instance (bridge and host mode), and a port. */
export interface Target {
  readonly id: string;
  readonly port: number;
}

/** ELB's state of a target. */
export type TargetState =
  | "initial"
  | "healthy"
  | "unhealthy"
  | "unhealthy.draining"
  | "draining"
  | "unused"
  | "unavailable";

/** One target of a group as ELB showed it once. */
export interface TargetHealth extends Target {
  readonly state: TargetState;
  /** AWS's own word, such as `Target.FailedHealthChecks`. */
  readonly reason?: string;
}

/** Target groups. Registering and deregistering may be repeated; an unknown target may be deregistered. */
export interface Targets {
  register(targetGroup: string, targets: readonly Target[]): Promise<void>;
  deregister(targetGroup: string, targets: readonly Target[]): Promise<void>;
  /** All targets of the group with their state; one that is absent is unused. @throws Fault terminal: no such group. */
  health(targetGroup: string): Promise<readonly TargetHealth[]>;
}
