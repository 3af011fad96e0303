import { Fault, type FaultKind } from "../core/model/fault.ts";
import { lastPart } from "./arns.ts";

/** What one kind of failure means, and what a person or a pass can do about it. */
interface Meaning {
  readonly kind: FaultKind;
  readonly throttled?: boolean;
  readonly advice: string;
}

/** What the SDK throws, as far as we rely on it. */
interface SdkError extends Error {
  readonly code?: unknown;
  readonly resourceIds?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: unknown;
}

const throttled: Meaning = {
  kind: "transient",
  throttled: true,
  advice: "nothing was done; send fewer calls and try again",
};
/** Of a call that changes something. */
const broken: Meaning = { kind: "transient", advice: "it may have taken effect; read before trying again" };
const unread: Meaning = { kind: "transient", advice: "nothing was changed; it is tried again" };
const unreachable: Meaning = {
  kind: "transient",
  advice: "nothing answers there: look at AWS_ENDPOINT_URL, the region and the network",
};
const denied: Meaning = { kind: "terminal", advice: "grant our role this action on this resource" };
const refused: Meaning = { kind: "terminal", advice: "change what was asked for, then try again" };

/** First match wins; an error that no row knows is told by its HTTP status. */
const meanings: readonly { readonly names: readonly string[]; readonly matches?: RegExp; readonly meaning: Meaning }[] =
  [
    {
      names: [
        "BandwidthLimitExceeded",
        "KmsThrottled",
        "OverLimit",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
      ],
      meaning: throttled,
    },
    // The cluster's queue of tasks in PROVISIONING is full: ECS says so with the exception for bad input.
    { names: ["ClientException"], matches: /provisioning.*limit/i, meaning: throttled },
    // EC2's throttling and Fargate's quotas come through ECS in the same clothes: they pass, and what was asked for is right.
    {
      names: ["ClientException", "InvalidParameterException"],
      matches: /(request limit|rate) exceeded|reached the limit on the number of|capacity is unavailable/i,
      meaning: throttled,
    },
    {
      names: ["ConflictException"],
      meaning: { kind: "conflict", advice: "the token was used for another request; adopt what that started" },
    },
    {
      names: ["TransactionConflictException", "TransactionInProgressException", "PriorRequestNotCompleteException"],
      meaning: { kind: "transient", advice: "another request is under way; try again" },
    },
    {
      names: [
        "CredentialsProviderError",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidSignatureException",
        "RequestExpired",
        "RequestInTheFuture",
        "RequestTimeTooSkewed",
      ],
      meaning: { kind: "transient", advice: "check our credentials and the machine's clock, then try again" },
    },
    {
      names: ["RequestTimeout", "RequestTimeoutException", "ServerException", "TimeoutError", "AbortError"],
      meaning: broken,
    },
    { names: ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "KmsAccessDenied"], meaning: denied },
    {
      names: [
        "ClusterNotFoundException",
        "TargetGroupNotFoundException",
        "QueueDoesNotExist",
        "ResourceNotFoundException",
      ],
      meaning: { kind: "terminal", advice: "create it, or correct its name and region" },
    },
  ];

/** What a system says of an address at which nobody is. */
const notThere = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"];

/** Runs one operation of a dependency. @throws Fault for what the dependency or the network did; our own bugs as they are. */
export async function translated<T>(operation: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw faultFrom(error, operation);
  }
}

/**
 * The fault that an SDK's error stands for, with the error as its cause. What neither AWS nor the network said is a bug
 * of ours and is returned as it is.
 * @param operation Such as `ecs RunTask`; begins the message.
 */
export function faultFrom(error: unknown, operation: string): unknown {
  if (!(error instanceof Error) || error instanceof Fault) return error;
  const found = meaningOf(error);
  if (!found) return error;
  const { kind, advice, throttled = false } = found === broken && isRead(operation) ? unread : found;
  const verb = throttled ? "was throttled" : kind === "transient" ? "failed" : "was refused";
  return new Fault(kind, codeOf(error), `${operation} ${verb}: ${codeOf(error)}: ${error.message}; ${advice}`, {
    throttled,
    taskIds: taskIdsOf(error),
    cause: error,
  });
}

/** Whether a conditional write found its condition false: an answer, not a fault. */
export function isConditionFailed(error: unknown): boolean {
  return error instanceof Error && error.name === "ConditionalCheckFailedException";
}

function meaningOf(error: SdkError): Meaning | undefined {
  const known = meanings.find(
    ({ names, matches }) => names.includes(error.name) && (matches?.test(error.message) ?? true),
  );
  if (known) return known.meaning;
  const status = error.$metadata?.httpStatusCode;
  if (status === undefined) return networkMeaning(error);
  if (status === 429) return throttled;
  // A status below 400 with an error is an answer that could not be read.
  return status >= 400 && status < 500 && status !== 408 ? refused : broken;
}

function networkMeaning(error: SdkError): Meaning | undefined {
  if (!isNetworkError(error)) return undefined;
  return notThere.some((code) => code === error.code) ? unreachable : broken;
}

/** System errors have a code such as ECONNRESET; Node's complaints about arguments begin with ERR_ and are bugs. */
function isNetworkError({ code, $response }: SdkError): boolean {
  return $response !== undefined || (typeof code === "string" && !/^ERR_(INVALID|OUT_OF|MISSING)/.test(code));
}

function isRead(operation: string): boolean {
  return /^\w+ (Get|List|Describe|Query|Receive|Filter)/.test(operation);
}

function codeOf(error: SdkError): string {
  return error.name === "Error" && typeof error.code === "string" ? error.code : error.name;
}

function taskIdsOf({ resourceIds }: SdkError): Fault["taskIds"] {
  if (!Array.isArray(resourceIds)) return [];
  return resourceIds.filter((arn) => typeof arn === "string").map((arn) => lastPart<Fault["taskIds"][number]>(arn));
}
