/** What users are told of a service, lastingly. */
export type ConditionType = "Available" | "Progressing" | "Placed" | "ScalingActive";

/** One lasting fact about a service. */
export interface Condition {
  readonly type: ConditionType;
  readonly status: "True" | "False" | "Unknown";
  /** CamelCase, for machines. */
  readonly reason: string;
  /** For people: what, which value, what to do. */
  readonly message: string;
  /** When `status` last changed. */
  readonly sinceMs: number;
}
