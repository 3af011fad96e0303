import type { FailureReason, TaskRecord } from "../model/records.ts";

/** What the end of a task tells of its revision. */
export type StopMeaning =
  /** Trying again cannot help: somebody has to change something first. */
  | { readonly kind: "fatal"; readonly reason: FailureReason }
  /** It failed, perhaps by chance: enough of these trip the breaker. */
  | { readonly kind: "counts" }
  /** What was missing may come by itself, such as capacity. */
  | { readonly kind: "waits" }
  /** Somebody or something else ended it. */
  | { readonly kind: "innocent" };

/** What is looked at of a stopped task. */
export type StoppedTask = Pick<TaskRecord, "stopCode" | "stoppedReason" | "exitCode" | "startedAtMs">;

interface Row {
  readonly name: string;
  readonly matches: (task: StoppedTask) => boolean;
  readonly meaning: StopMeaning;
}

const failureCodes: readonly (string | undefined)[] = ["EssentialContainerExited", "TaskFailedToStart"];

/**
 * First match wins; what no row knows counts. A cause that may pass stands before one that cannot, so that bad luck is
 * never taken for a bad revision; and a text that could mean either, such as a host name that cannot be resolved, is in
 * no row. The words are those of ECS, of its agents and of container runtimes, as far as 400 characters show them.
 */
const rows: readonly Row[] = [
  {
    name: "a person, a lost host, spot or maintenance ended it, or nobody says what did",
    matches: ({ stopCode }) => !failureCodes.includes(stopCode),
    meaning: { kind: "innocent" },
  },
  {
    name: "the same, told by the reason alone",
    matches: says(/Host EC2 \(instance |Spot Task was interrupted|maintenance on the underlying infrastructure/),
    meaning: { kind: "innocent" },
  },
  {
    name: "it ran, so that all it takes to start it is there",
    matches: ({ startedAtMs }) => startedAtMs !== undefined,
    meaning: { kind: "counts" },
  },
  {
    name: "no room now: some is freed, or somebody adds a node",
    matches: says(
      /^(TaskFailedToStart: )?(AGENT|ATTRIBUTE)|RESOURCE:|EMPTY CAPACITY PROVIDER|NO ACTIVE INSTANCES|MemberOf placement constraint unsatisfied|Capacity is unavailable|reached the limit on the number of|InsufficientFreeAddressesInSubnet/,
    ),
    meaning: { kind: "waits" },
  },
  {
    name: "a registry or an API was asked too often",
    matches: says(
      /toomanyrequests|too many requests|pull rate limit|(rate|request ?limit) ?exceeded|ThrottlingException/i,
    ),
    meaning: { kind: "waits" },
  },
  {
    name: "nothing answered in time: networks and services come back",
    matches: says(
      /connection issue|network configuration|i\/o timeout|timed out|timeout waiting|Client\.Timeout|handshake timeout|deadline exceeded|(request|context) canceled|connection (refused|reset)|send request failed/i,
    ),
    meaning: { kind: "waits" },
  },
  {
    name: "a role is missing, cannot be assumed, or may not do what it takes",
    matches: says(/AccessDenied|not authorized to perform|unable to assume|permissions to pull images|403 Forbidden/),
    meaning: { kind: "fatal", reason: "PermissionMissing" },
  },
  {
    name: "an environment file may not be read, or S3 does not say whether it is there",
    matches: says(/(download env files?|initialize s3 client)\b.*(status ?code: 403|api error Forbidden: )/is),
    meaning: { kind: "fatal", reason: "PermissionMissing" },
  },
  {
    name: "no such image, or none for this kind of processor",
    matches: says(
      /CannotPull.*(not found|does not exist|access denied|manifest unknown|invalid reference format|matching (manifest|platform))|No such image|does not match the specified platform|exec format error/,
    ),
    meaning: { kind: "fatal", reason: "ImageUnavailable" },
  },
  {
    name: "the command cannot be run",
    matches: says(/exec: .*(executable file not found|no such file or directory|permission denied)/),
    meaning: { kind: "fatal", reason: "ConfigurationRefused" },
  },
  {
    name: "the command cannot be run as a process of this machine",
    matches: says(
      /was not found on this machine|may not be executed|'s working directory "|process driver runs a container's command/,
    ),
    meaning: { kind: "fatal", reason: "ConfigurationRefused" },
  },
  {
    name: "a secret, a parameter, a log group, a subnet or a security group that is named is not there",
    matches: says(
      /ResourceNotFoundException|ParameterNotFound|invalid (ssm )?parameters|did not contain json key|Invalid\w+\.NotFound/i,
    ),
    meaning: { kind: "fatal", reason: "ConfigurationRefused" },
  },
  {
    name: "an environment file, or its bucket, is not there",
    matches: says(
      /(download env files?|initialize s3 client)\b.*(status ?code: 404|api error NotFound: |NoSuch(Key|Bucket): )/is,
    ),
    meaning: { kind: "fatal", reason: "ConfigurationRefused" },
  },
];

/**
 * What the end of a task tells of its revision, by what ECS says of it. Only a task that never ran can tell that none
 * ever will.
 *
 * @param task A stopped task that we did not stop ourselves.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
export function classifyStop(task: StoppedTask): StopMeaning {
  return rows.find(({ matches }) => matches(task))?.meaning ?? { kind: "counts" };
}

/**
 * Why ECS refused a RunTask or a task definition for good: a permission of ours or of a role, else the configuration.
 * Images are not looked at by then.
 *
 * @param refusal The message of the terminal fault, with ECS's own code and words in it.
 */
export function classifyRefusal(refusal: string): FailureReason {
  const isPermission = /AccessDenied|Unauthorized|not authorized|PassRole|assume the|role is not valid/i.test(refusal);
  return isPermission ? "PermissionMissing" : "ConfigurationRefused";
}

function says(pattern: RegExp): Row["matches"] {
  return ({ stoppedReason }) => stoppedReason !== undefined && pattern.test(stoppedReason);
}
