import type { FailureReason, TaskRecord } from "../model/records.ts";

/** What the end of a task says about its revision. */
export type StopMeaning =
  /** Trying again cannot help: somebody has to change something. */
  | { readonly kind: "fatal"; readonly reason: FailureReason }
  /** It failed; enough of these trip the breaker. */
  | { readonly kind: "counts" }
  /** Something was missing that comes by itself, such as capacity. */
  | { readonly kind: "waits" }
  /** Somebody or something else ended it. */
  | { readonly kind: "innocent" };

/** What is looked at of a stopped task. */
export type StoppedTask = Pick<TaskRecord, "stopCode" | "stoppedReason" | "exitCode" | "startedAtMs">;

/** What is looked at of a stopped task; first match wins; what no row knows is innocent. */
interface Row {
  readonly name: string;
  readonly matches: (reason: string, task: StoppedTask) => boolean;
  readonly meaning: StopMeaning;
}

const imageUnavailable: StopMeaning = { kind: "fatal", reason: "ImageUnavailable" };
const permissionMissing: StopMeaning = { kind: "fatal", reason: "PermissionMissing" };
const configurationRefused: StopMeaning = { kind: "fatal", reason: "ConfigurationRefused" };
const counts: StopMeaning = { kind: "counts" };
const waits: StopMeaning = { kind: "waits" };

const says =
  (pattern: RegExp): Row["matches"] =>
  (reason) =>
    pattern.test(reason);

/** Of a task that never ran, by what ECS, its agent or the container runtime says. */
const starts: readonly Row[] = [
  {
    name: "no capacity: some comes",
    matches: says(/RESOURCE:|\bAGENT\b|NO ACTIVE INSTANCES|EMPTY CAPACITY PROVIDER|capacity is unavailable/i),
    meaning: waits,
  },
  {
    name: "a registry or API was asked too often",
    matches: says(/toomanyrequests|too many requests|pull rate limit|rate exceeded|throttl/i),
    meaning: waits,
  },
  {
    name: "nothing answered in time, or not at all: the network may come back",
    matches: says(
      /connection issue|network configuration|i\/o timeout|timed? ?out|timeout|deadline exceeded|context canceled|request canceled|connection (refused|reset)|no such host|send request failed|TLS handshake/i,
    ),
    meaning: waits,
  },
  {
    name: "a role cannot be taken on, or may not do what is needed",
    matches: says(
      /access ?denied(exception)?\b.*\b(user|kms|not authorized)|AccessDenied|not authorized|unable to assume|permissions to pull|no basic auth credentials|403 forbidden|no identity-based policy/i,
    ),
    meaning: permissionMissing,
  },
  {
    name: "no such image, or none for this architecture",
    matches: says(
      /CannotPullContainer.*(not found|manifest unknown|does not exist|pull access denied|invalid reference|matching (platform|manifest)|no matching manifest)/i,
    ),
    meaning: imageUnavailable,
  },
  {
    name: "what the configuration names is not there, or cannot be",
    matches: says(
      /executable file not found|no such file or directory|exec format error|was not found on this machine|ResourceNotFoundException|did not contain json key/i,
    ),
    meaning: configurationRefused,
  },
];

/** By the stop code. */
const stopCodes: Readonly<Record<string, StopMeaning>> = {
  TaskFailedToStart: counts,
  EssentialContainerExited: counts,
};

/**
 * What the end of a task says about its revision, by what ECS says of it.
 * @param task A stopped task that we did not stop ourselves.
 */
export function classifyStop(task: StoppedTask): StopMeaning {
  const byCode = stopCodes[task.stopCode ?? ""] ?? { kind: "innocent" };
  if (byCode.kind === "innocent" || task.startedAtMs !== undefined) return byCode;
  const reason = task.stoppedReason ?? "";
  return starts.find(({ matches }) => matches(reason, task))?.meaning ?? byCode;
}

/** Why ECS refused a RunTask or a task definition for good. */
export function classifyRefusal(refusal: string): FailureReason {
  return /AccessDenied|not authorized|PassRole|assume|UnauthorizedOperation/i.test(refusal)
    ? "PermissionMissing"
    : "ConfigurationRefused";
}
