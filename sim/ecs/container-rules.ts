import { isForFargate, type Rule } from "./definition-nouns.ts";
import { dependencyRules } from "./dependency-rules.ts";
import type { ContainerInput } from "./inputs.ts";
import { logRules } from "./log-rules.ts";
import { mountRules } from "./volume-rules.ts";

const ecrImage = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//;

/** What one container is refused for, in the order in which it is looked at. */
export const containerRules: readonly Rule<ContainerInput>[] = [
  ({ name }) => (/^[A-Za-z0-9_-]{1,255}$/.test(name) ? undefined : `Invalid container name: ${name}`),
  ({ image }) => (image === "" ? "Container.image should not be null or empty." : undefined),
  ({ image }) =>
    /^[A-Za-z0-9_./:#-]{1,255}(@sha256:[A-Fa-f0-9]{64})?$/.test(image)
      ? undefined
      : "Container.image contains invalid characters.",
  ({ name, memory, memoryReservation }, definition) =>
    memory === undefined && memoryReservation === undefined && definition.memory === undefined
      ? `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`
      : undefined,
  ({ name, memory, memoryReservation }) =>
    memory !== undefined && memoryReservation !== undefined && memoryReservation > memory
      ? `Invalid setting for container '${name}'. 'memory' must be at least 'memoryReservation'.`
      : undefined,
  (container) => {
    const counts = (["cpu", "memory", "memoryReservation"] as const).map(
      (member) => [member, container[member]] as const,
    );
    const bad = counts.find(([, value]) => value !== undefined && value < 0);
    return bad && `${bad[0]} of container ${container.name} must be 0 or more, got ${bad[1]}`;
  },
  ({ portMappings = [] }, { networkMode }) =>
    networkMode === "none" && portMappings.length > 0
      ? "Port mappings are not supported with network mode 'none'."
      : undefined,
  ({ portMappings = [] }, { networkMode }) => {
    const fixed = networkMode === "awsvpc" || networkMode === "host";
    const wrong = portMappings.find(({ containerPort, hostPort }) => fixed && hostPort && hostPort !== containerPort);
    return wrong && `When networkMode=${networkMode}, the host ports and container ports in port mappings must match.`;
  },
  ({ portMappings = [] }) => {
    const ports = portMappings.flatMap(({ containerPort, hostPort }) => [containerPort, hostPort ?? 0]);
    const wrong = ports.find((port, index) => port < (index % 2 === 0 ? 1 : 0) || port > 65_535);
    return wrong === undefined ? undefined : `a port must be 1 to 65535, got ${wrong}`;
  },
  ({ stopTimeout = 0 }, definition) =>
    stopTimeout < 0 || (isForFargate(definition) && stopTimeout > 120)
      ? `stopTimeout must be 0 to 120, got ${stopTimeout}`
      : undefined,
  ({ healthCheck }) => (healthCheck ? outOfRange(healthCheck) : undefined),
  ({ secrets = [] }, { executionRoleArn }) =>
    secrets.length > 0 && executionRoleArn === undefined
      ? "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
      : undefined,
  ({ secrets = [], environment = [] }) => {
    const names = [...environment, ...secrets].map(({ name }) => name);
    const twice = secrets.find(({ name }) => names.indexOf(name) < names.lastIndexOf(name));
    return (
      twice &&
      `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${twice.name}'.`
    );
  },
  ({ environmentFiles = [] }) =>
    environmentFiles.length > 10
      ? `a container may have 10 environment files, got ${environmentFiles.length}`
      : undefined,
  ({ environmentFiles = [] }) => {
    const wrong = environmentFiles.find(({ value }) => !/^arn:[^:]+:s3:::[^/]+\/.*\.env$/.test(value));
    return wrong && `Environment file ${wrong.value} must be an object of S3 with the extension .env`;
  },
  ({ repositoryCredentials }, { executionRoleArn }) =>
    repositoryCredentials && executionRoleArn === undefined
      ? "Private repository authentication requires that the task definition specify a value for executionRoleArn."
      : undefined,
  ({ image }, definition) =>
    isForFargate(definition) && ecrImage.test(image) && definition.executionRoleArn === undefined
      ? "Fargate requires task definition to have execution role ARN to support ECR images."
      : undefined,
  ({ resourceRequirements = [] }, definition) =>
    isForFargate(definition) && resourceRequirements.length > 0
      ? "Fargate compatible task definitions do not support resource requirements."
      : undefined,
  ({ resourceRequirements = [] }) => {
    const wrong = resourceRequirements.find(({ type, value = "" }) => type === "GPU" && !/^[1-9]\d*$/.test(value));
    return wrong && `Invalid value for resource type GPU: ${wrong.value ?? "null"}`;
  },
  ...mountRules,
  ...dependencyRules,
  ...logRules,
];

const checkRanges = { interval: [5, 300], timeout: [2, 60], retries: [1, 10], startPeriod: [0, 300] } as const;

function outOfRange(check: NonNullable<ContainerInput["healthCheck"]>): string | undefined {
  if (check.command.length === 0) return "a health check needs a command";
  for (const [member, [from, to]] of Object.entries(checkRanges)) {
    const value = check[member];
    if (typeof value === "number" && (value < from || value > to)) {
      return `${member} of a health check must be ${from} to ${to}, got ${value}`;
    }
  }
  return undefined;
}
