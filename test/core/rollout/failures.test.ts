import { describe, expect, test } from "vitest";
import { classifyRefusal, classifyStop, type StoppedTask } from "../../../core/rollout/failures.ts";

/** So much of a reason is recorded. */
const recorded = 400;

interface Row {
  readonly name: string;
  readonly says: string;
  readonly is: string;
}

/** What a task means that never ran, by its reason, in one word. */
function meaning(stoppedReason: string | undefined, given: Partial<StoppedTask> = {}): string {
  const meant = classifyStop({ stopCode: "TaskFailedToStart", ...(stoppedReason && { stoppedReason }), ...given });
  return meant.kind === "fatal" ? meant.reason : meant.kind;
}

function checkBoth({ says, is }: Row): void {
  expect(meaning(says)).toBe(is);
  expect(meaning(says.slice(0, recorded))).toBe(is);
}

const fetching = "ResourceInitializationError: unable to pull secrets or registry auth: ";
const pulling = "CannotPullContainerError: pull image manifest has been retried 1 time(s): ";
const fromDaemon = "CannotPullContainerError: Error response from daemon: ";
const runtime =
  "CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: ";
const secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:web/key-a1b2c3";
const environmentFile = "ResourceInitializationError: failed to download env files: ";
const fromAgent = "unable to download env file with key web/prod.env from bucket settings, error: ";
const requestIds = `RequestID: ${"R".repeat(16)}, HostID: ${"h".repeat(76)}`;
const network = "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-1': ";

describe("a task that ended by itself or not", () => {
  test.for<{ readonly name: string; readonly task: StoppedTask; readonly is: string }>([
    { name: "it crashed", task: { stopCode: "EssentialContainerExited", exitCode: 1, startedAtMs: 1 }, is: "counts" },
    {
      name: "it ended well, which a service must not",
      task: { stopCode: "EssentialContainerExited", exitCode: 0, startedAtMs: 1 },
      is: "counts",
    },
    {
      name: "it took too much memory",
      task: {
        stopCode: "EssentialContainerExited",
        stoppedReason: "OutOfMemoryError: Container killed due to memory usage",
        exitCode: 137,
        startedAtMs: 1,
      },
      is: "counts",
    },
    { name: "it never started, and nobody says why", task: { stopCode: "TaskFailedToStart" }, is: "counts" },
    {
      name: "it ran once: what it says then is no proof",
      task: { stopCode: "TaskFailedToStart", stoppedReason: `${fromDaemon}manifest unknown`, startedAtMs: 1 },
      is: "counts",
    },
    {
      name: "it ran once, and then waited for something",
      task: {
        stopCode: "EssentialContainerExited",
        stoppedReason: "TaskFailedToStart: RESOURCE:MEMORY",
        startedAtMs: 1,
      },
      is: "counts",
    },
    {
      name: "its image was not found, told by the container",
      task: { stopCode: "EssentialContainerExited", stoppedReason: `${fromDaemon}manifest unknown` },
      is: "ImageUnavailable",
    },
    {
      name: "a person stopped it",
      task: { stopCode: "UserInitiated", stoppedReason: "Task stopped by user", startedAtMs: 1 },
      is: "innocent",
    },
    {
      name: "a person stopped it before it ran",
      task: { stopCode: "UserInitiated", stoppedReason: "manifest unknown" },
      is: "innocent",
    },
    { name: "a scheduler stopped it", task: { stopCode: "ServiceSchedulerInitiated" }, is: "innocent" },
    {
      name: "spot took it",
      task: { stopCode: "SpotInterruption", stoppedReason: "Your Spot Task was interrupted." },
      is: "innocent",
    },
    { name: "its host ended", task: { stopCode: "TerminationNotice", startedAtMs: 1 }, is: "innocent" },
    { name: "its host is unwell", task: { stopCode: "InfrastructureHealth", startedAtMs: 1 }, is: "innocent" },
    { name: "nobody says what ended it", task: {}, is: "innocent" },
    {
      name: "its host ended while it started",
      task: { stopCode: "TaskFailedToStart", stoppedReason: "Host EC2 (instance i-0abc) terminated." },
      is: "innocent",
    },
    {
      name: "spot took it, and its container ended",
      task: { stopCode: "EssentialContainerExited", stoppedReason: "Your Spot Task was interrupted.", startedAtMs: 1 },
      is: "innocent",
    },
    {
      name: "maintenance",
      task: {
        stopCode: "EssentialContainerExited",
        stoppedReason: "ECS is performing maintenance on the underlying infrastructure hosting the task.",
        startedAtMs: 1,
      },
      is: "innocent",
    },
  ])("$name", ({ task, is }) => {
    expect(meaning(undefined, { stopCode: undefined, ...task } as StoppedTask)).toBe(is);
  });
});

describe("what may pass waits", () => {
  test.for<Row>([
    { name: "no memory on any node", says: "TaskFailedToStart: RESOURCE:MEMORY", is: "waits" },
    { name: "no network interface left", says: "RESOURCE:ENI", is: "waits" },
    { name: "the agent is away", says: "TaskFailedToStart: AGENT", is: "waits" },
    { name: "the agent is away, in one word", says: "AGENT", is: "waits" },
    { name: "no node with what it needs", says: "TaskFailedToStart: ATTRIBUTE", is: "waits" },
    {
      name: "no node that a constraint allows",
      says: "TaskFailedToStart: MemberOf placement constraint unsatisfied.",
      is: "waits",
    },
    { name: "no node at all", says: "TaskFailedToStart: NO ACTIVE INSTANCES", is: "waits" },
    { name: "an empty capacity provider", says: "TaskFailedToStart: EMPTY CAPACITY PROVIDER", is: "waits" },
    {
      name: "Fargate is full",
      says: "Capacity is unavailable at this time. Please try again later or in a different availability zone",
      is: "waits",
    },
    {
      name: "a quota is used up",
      says: "You've reached the limit on the number of vCPUs you can run concurrently",
      is: "waits",
    },
    { name: "the subnet is full", says: `${network}InsufficientFreeAddressesInSubnet`, is: "waits" },
    {
      name: "Docker Hub was asked too often",
      says: `${pulling}toomanyrequests: You have reached your pull`,
      is: "waits",
    },
    {
      name: "a registry was asked too often",
      says: `${fromDaemon}error pulling image configuration: Too Many Requests`,
      is: "waits",
    },
    {
      name: "Docker Hub, in its own words",
      says: "CannotPullContainerError: You have reached your pull rate limit. You may increase the limit by authenticating",
      is: "waits",
    },
    {
      name: "IAM or ECR was asked too often",
      says: `${fetching}unable to retrieve ecr auth: Rate exceeded`,
      is: "waits",
    },
    { name: "EC2 was asked too often", says: `${network}Request limit exceeded.`, is: "waits" },
    { name: "EC2 was asked too often, by its code", says: `${network}RequestLimitExceeded`, is: "waits" },
    {
      name: "SSM was asked too often",
      says: "ResourceInitializationError: unable to retrieve secrets from ssm: ThrottlingException",
      is: "waits",
    },
    {
      name: "no way to Secrets Manager",
      says: `${fetching}There is a connection issue between the task and AWS Secrets Manager.`,
      is: "waits",
    },
    {
      name: "no way to the registry",
      says: "CannotPullContainerError: The task can't pull the image. Check your network configuration.",
      is: "waits",
    },
    {
      name: "the registry did not answer",
      says: "CannotPullContainerError: dial tcp 10.0.3.17:443: i/o timeout",
      is: "waits",
    },
    {
      name: "the runtime did not answer",
      says: "ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 3m0s",
      is: "waits",
    },
    {
      name: "no network interface in time",
      says: "Timeout waiting for network interface provisioning to complete.",
      is: "waits",
    },
    {
      name: "headers did not come",
      says: "CannotPullContainerError: Get https://r.io/v2/: net/http: (Client.Timeout exceeded while awaiting headers)",
      is: "waits",
    },
    {
      name: "no TLS in time",
      says: "CannotPullContainerError: Get https://r.io/v2/: net/http: TLS handshake timeout",
      is: "waits",
    },
    { name: "the deadline passed", says: `${fetching}context deadline exceeded`, is: "waits" },
    {
      name: "a request was given up",
      says: "CannotPullContainerError: API error (500): Get https://r.io/v2/: net/http: request canceled while waiting for connection",
      is: "waits",
    },
    { name: "a pull was given up", says: "CannotPullContainerError: context canceled", is: "waits" },
    {
      name: "nobody listens",
      says: "CannotPullContainerError: dial tcp 10.0.3.17:443: connect: connection refused",
      is: "waits",
    },
    {
      name: "the connection broke",
      says: "CannotPullContainerError: read tcp 10.0.3.17:443: connection reset by peer",
      is: "waits",
    },
    { name: "a request was not sent", says: `${fetching}RequestError: send request failed`, is: "waits" },
    {
      name: "S3 did not answer",
      says: `${environmentFile}file download command: non empty error stream: RequestCanceled: request context canceled caused by: context deadline exceeded`,
      is: "waits",
    },
    {
      name: "S3 was not reached, by a file whose name says otherwise",
      says: "unable to download env file with key web/NoSuchKey.env from bucket settings, error: RequestError: send request failed",
      is: "waits",
    },
    {
      name: "both, told together: what may pass wins",
      says: "CannotPullContainerError: 403 Forbidden, then i/o timeout",
      is: "waits",
    },
  ])("$name", checkBoth);
});

describe("what never comes right by trying again is fatal", () => {
  test.for<Row>([
    {
      name: "a secret that the role may not read",
      says: `ResourceInitializationError: unable to retrieve secret from asm: AccessDeniedException: User: arn:aws:sts::1:assumed-role/x is not authorized`,
      is: "PermissionMissing",
    },
    {
      name: "the same on Fargate, whose preamble is longer than what is recorded",
      says: `${fetching}execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${secret} from secrets manager: AccessDeniedException: Access to KMS is not allowed`,
      is: "PermissionMissing",
    },
    {
      name: "a key that the role may not use",
      says: "User: arn:aws:sts::1:assumed-role/x is not authorized to perform: kms:Decrypt",
      is: "PermissionMissing",
    },
    {
      name: "a role that ECS may not assume",
      says: "ECS was unable to assume the role 'arn:aws:iam::111122223333:role/web' that was provided for this task.",
      is: "PermissionMissing",
    },
    {
      name: "a role that may not pull, though the registry says that there is nothing",
      says: "CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images from the registry. Error response from daemon: pull access denied for web",
      is: "PermissionMissing",
    },
    {
      name: "a registry that forbids",
      says: "CannotPullContainerError: unexpected status from HEAD request to https://1.dkr.ecr/v2/web/blobs/1: 403 Forbidden",
      is: "PermissionMissing",
    },
    {
      name: "an environment file that the role may not read",
      says: `${environmentFile}service call has been retried 1 time(s): operation error S3: HeadObject, https response error StatusCode: 403, ${requestIds}, api error Forbidden: Forbidden`,
      is: "PermissionMissing",
    },
    {
      name: "the same, from an older agent",
      says: `${environmentFile}file download command: non empty error stream: Forbidden: Forbidden\n\tstatus code: 403, request id: 1, host id: 2`,
      is: "PermissionMissing",
    },
    {
      name: "the same, without its code",
      says: `${environmentFile}api error Forbidden: Forbidden`,
      is: "PermissionMissing",
    },
    {
      name: "the same, from an agent on a node",
      says: `${fromAgent}AccessDenied: Access Denied\n\tstatus code: 403, request id: 1, host id: 2`,
      is: "PermissionMissing",
    },
    {
      name: "a bucket that the role may not ask about",
      says: "unable to initialize s3 client for bucket settings, error: operation error S3: HeadBucket, https response error StatusCode: 403",
      is: "PermissionMissing",
    },
    {
      name: "no such repository in ECR",
      says: "CannotPullContainerError: API error (404): repository 111122223333.dkr.ecr.us-east-1.amazonaws.com/web not found",
      is: "ImageUnavailable",
    },
    {
      name: "no such tag",
      says: "CannotPullContainerError: Tag v9 not found in repository docker.io/library/web",
      is: "ImageUnavailable",
    },
    {
      name: "no such tag, found out behind a long preamble",
      says: `${pulling}failed to resolve ref docker.io/library/a-rather-long-name:v9: docker.io/library/a-rather-long-name:v9: not found`,
      is: "ImageUnavailable",
    },
    { name: "no such manifest", says: `${fromDaemon}manifest unknown: manifest unknown`, is: "ImageUnavailable" },
    {
      name: "no such repository",
      says: `${fromDaemon}name unknown: The repository does not exist`,
      is: "ImageUnavailable",
    },
    {
      name: "a repository that is private or absent",
      says: `${fromDaemon}pull access denied for web`,
      is: "ImageUnavailable",
    },
    { name: "an image's name that is none", says: `${fromDaemon}invalid reference format`, is: "ImageUnavailable" },
    {
      name: "an image for other processors",
      says: "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'",
      is: "ImageUnavailable",
    },
    {
      name: "an image without one for these",
      says: `${fromDaemon}no matching manifest for linux/arm64 in`,
      is: "ImageUnavailable",
    },
    {
      name: "an image that is for others after all",
      says: "CannotCreateContainerError: image with reference web was found but does not match the specified platform",
      is: "ImageUnavailable",
    },
    {
      name: "a program for others",
      says: "CannotStartContainerError: exec /app: exec format error",
      is: "ImageUnavailable",
    },
    {
      name: "an image that a node should have had",
      says: "CannotCreateContainerError: API error (404): No such image: web:v9",
      is: "ImageUnavailable",
    },
    {
      name: "an image whose name sounds like something else",
      says: `${fromDaemon}manifest for datadog/agent:7 not found`,
      is: "ImageUnavailable",
    },
    {
      name: "no such program",
      says: `${runtime}exec: "web": executable file not found in $PATH`,
      is: "ConfigurationRefused",
    },
    {
      name: "no such program, from an older runtime",
      says: `CannotStartContainerError: [8] System error: exec: "web": executable file not found in $PATH`,
      is: "ConfigurationRefused",
    },
    {
      name: "no such file",
      says: `CannotStartContainerError: exec: "/run.sh": stat /run.sh: no such file or directory`,
      is: "ConfigurationRefused",
    },
    {
      name: "a file that is no program",
      says: `CannotStartContainerError: exec: "/run.sh": permission denied`,
      is: "ConfigurationRefused",
    },
    {
      name: "no such program here",
      says: `CannotStartContainerError: container web's command "nope" was not found on this machine`,
      is: "ConfigurationRefused",
    },
    {
      name: "a file that is no program here",
      says: `CannotStartContainerError: container web's command "/etc/hosts" may not be executed`,
      is: "ConfigurationRefused",
    },
    {
      name: "no such directory here",
      says: `CannotStartContainerError: container web's working directory "/srv/some/rather/long/path/that/is/not/there" does not exist on this machine`,
      is: "ConfigurationRefused",
    },
    {
      name: "no command to run here",
      says: "CannotStartContainerError: the process driver runs a container's command, and container some-long-name has none; give it a command",
      is: "ConfigurationRefused",
    },
    {
      name: "no such secret",
      says: "ResourceInitializationError: unable to retrieve secret from asm: ResourceNotFoundException: Secrets Manager can't find it",
      is: "ConfigurationRefused",
    },
    {
      name: "no such log group",
      says: "ResourceInitializationError: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group",
      is: "ConfigurationRefused",
    },
    {
      name: "no such parameter",
      says: "ResourceInitializationError: unable to retrieve secrets from ssm: ParameterNotFound",
      is: "ConfigurationRefused",
    },
    {
      name: "no such parameter, from an agent",
      says: "Fetching secret data from SSM Parameter Store in us-west-2: invalid parameters: /web/key",
      is: "ConfigurationRefused",
    },
    {
      name: "no such parameter, from another agent",
      says: "ResourceInitializationError: unable to pull secrets: Invalid ssm parameters: /web/key",
      is: "ConfigurationRefused",
    },
    {
      name: "a secret without that key",
      says: "ResourceInitializationError: unable to retrieve secret from asm: retrieved secret did not contain json key PASSWORD",
      is: "ConfigurationRefused",
    },
    {
      name: "no such environment file",
      says: `${environmentFile}service call has been retried 1 time(s): operation error S3: HeadObject, https response error StatusCode: 404, ${requestIds}, api error NotFound: Not Found`,
      is: "ConfigurationRefused",
    },
    {
      name: "no such environment file, without its code",
      says: `${environmentFile}api error NotFound: Not Found`,
      is: "ConfigurationRefused",
    },
    {
      name: "no such environment file, from an agent on a node",
      says: `${fromAgent}NoSuchKey: The specified key does not exist.`,
      is: "ConfigurationRefused",
    },
    {
      name: "no such bucket of environment files",
      says: `${fromAgent}NoSuchBucket: The specified bucket does not exist`,
      is: "ConfigurationRefused",
    },
    {
      name: "no such bucket, found out before any file",
      says: "unable to initialize s3 client for bucket settings, error: NotFound: Not Found\n\tstatus code: 404, request id: 1",
      is: "ConfigurationRefused",
    },
    { name: "no such security group", says: `${network}InvalidGroup.NotFound`, is: "ConfigurationRefused" },
  ])("$name", checkBoth);
});

describe("what could be either counts, so that the breaker decides", () => {
  test.for<Row>([
    { name: "nothing but that it did not start", says: "Task failed to start", is: "counts" },
    {
      name: "a name that is not resolved",
      says: `${fromDaemon}dial tcp: lookup web.example on 10.0.0.2:53: no such host`,
      is: "counts",
    },
    { name: "a node without its login", says: `${fromDaemon}no basic auth credentials`, is: "counts" },
    {
      name: "a full disk",
      says: "CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob1: no space left on device",
      is: "counts",
    },
    {
      name: "a dependency that did not become healthy",
      says: "CannotStartContainerError: dependent container migrate exited with non-zero status",
      is: "counts",
    },
    {
      name: "this machine could not start it for now",
      says: `CannotStartContainerError: container web's command "node" could not be started: spawn EAGAIN`,
      is: "counts",
    },
    {
      name: "a logger without credentials",
      says: "CannotStartContainerError: failed to initialize logging driver: CredentialsEndpointError",
      is: "counts",
    },
    {
      name: "a program of the runtime that is not found",
      says: "CannotStartContainerError: nvidia hook: no such file or directory",
      is: "counts",
    },
    {
      name: "a variable that is named like an agent",
      says: "CannotStartContainerError: AGENT is not set",
      is: "counts",
    },
    {
      name: "an environment file that S3 could not give",
      says: `${environmentFile}operation error S3: GetObject, https response error StatusCode: 503, api error SlowDown: Please reduce your request rate.`,
      is: "counts",
    },
    {
      name: "a file system that refuses the mount, perhaps for now",
      says: "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' : unsuccessful EFS utils command execution; code: 32",
      is: "counts",
    },
    {
      name: "a directory that a file system may not have yet",
      says: "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: mounting fs-1.efs.us-east-1.amazonaws.com:/web failed, reason given by server: No such file or directory",
      is: "counts",
    },
    { name: "a resource by another name", says: "InternalError: resource: not found", is: "counts" },
  ])("$name", checkBoth);
});

describe("why a call or a definition was refused for good", () => {
  test.for<{ readonly name: string; readonly refusal: string; readonly reason: string }>([
    {
      name: "we may not",
      refusal: "ecs RunTask was refused: AccessDeniedException: no; grant our role this action on this resource",
      reason: "PermissionMissing",
    },
    {
      name: "we may not, in IAM's words",
      refusal:
        "ecs RunTask was refused: ClientException: User: x is not authorized to perform: ecs:RunTask; change what was asked for, then try again",
      reason: "PermissionMissing",
    },
    {
      name: "we may not, in EC2's words",
      refusal: "ecs RunTask was refused: UnauthorizedOperation: no; grant our role this action on this resource",
      reason: "PermissionMissing",
    },
    {
      name: "we may not hand the role on",
      refusal:
        "ecs RegisterTaskDefinition was refused: ClientException: iam:PassRole on resource arn:aws:iam::1:role/web",
      reason: "PermissionMissing",
    },
    {
      name: "a role that ECS may not assume",
      refusal: "ecs RunTask was refused: ClientException: ECS was unable to assume the role 'arn:aws:iam::1:role/web'",
      reason: "PermissionMissing",
    },
    {
      name: "a role that is not there",
      refusal: "ecs RegisterTaskDefinition was refused: ClientException: Role is not valid",
      reason: "PermissionMissing",
    },
    {
      name: "a size that Fargate has not",
      refusal:
        "ecs RegisterTaskDefinition was refused: ClientException: No Fargate configuration exists for given values.",
      reason: "ConfigurationRefused",
    },
    {
      name: "secrets without a role",
      refusal:
        "ecs RegisterTaskDefinition was refused: ClientException: When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
      reason: "ConfigurationRefused",
    },
    {
      name: "a subnet that is not there",
      refusal:
        "ecs RunTask was refused: InvalidParameterException: Error retrieving subnet information: InvalidSubnetID.NotFound",
      reason: "ConfigurationRefused",
    },
    {
      name: "a cluster that is not there",
      refusal:
        "ecs RunTask was refused: ClusterNotFoundException: Cluster not found.; create it, or correct its name and region",
      reason: "ConfigurationRefused",
    },
  ])("$name", ({ refusal, reason }) => {
    expect(classifyRefusal(refusal)).toBe(reason);
  });
});
