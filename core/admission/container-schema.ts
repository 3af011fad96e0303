import type {
  Container,
  ContainerHealth,
  ContainerLogs,
  ContainerPort,
  Dependency,
  EnvironmentFile,
  Mount,
} from "../model/task-template.ts";
import { defaulted, object, optional, required } from "./objects.ts";
import { flag, integer, list, mapOf, oneOf, text } from "./readers.ts";
import {
  absolutePath,
  argument,
  environmentFileArn,
  folderPath,
  imageName,
  labelKey,
  nameText,
  secretArn,
  userName,
  variableName,
  wholeSecretArn,
} from "./words.ts";

/** CPU of the largest task that ECS takes: 192 vCPU. */
export const maxCpuUnits = 196_608;
/** Memory of the largest EC2 instance: 24 TiB. */
export const maxMemoryMib = 25_165_824;

const command = list(argument, { most: 100 });

const variableValue = text({ allowed: "text (numbers in quotes)", lines: true, mayBeEmpty: true, veil: true });

const port = object<ContainerPort>({
  name: required(nameText, "what traffic calls it; once in its container"),
  containerPort: required(integer(1, 65_535), "port that the container listens on"),
  hostPort: optional(
    integer(1, 65_535),
    "port of the node; another than containerPort only on a bridge; absent: there any that is free",
  ),
  protocol: defaulted(oneOf(["tcp", "udp"]), "tcp", "its protocol"),
});

const healthCommand = list(argument, { least: 2, most: 100 });

const health = object<ContainerHealth>({
  command: required(
    healthCommand,
    "CMD and a program with its arguments, or CMD-SHELL and a line for the shell; exit 0 is healthy",
  ),
  intervalSeconds: defaulted(integer(5, 300), 30, "time between two checks"),
  timeoutSeconds: defaulted(integer(2, 60), 5, "a check that takes longer has failed"),
  retries: defaulted(integer(1, 10), 3, "failures in a row that make it unhealthy"),
  startPeriodSeconds: defaulted(integer(0, 300), 0, "failures this soon after the start do not count"),
});

const logDrivers = ["awslogs", "splunk", "fluentd", "gelf", "journald", "json-file", "syslog"] as const;
// Its log router is a container with settings of its own.
const isPlannedDriver = (word: string) => word === "awsfirelens";
const logOption = text({ allowed: "text (numbers in quotes)", mayBeEmpty: true, veil: true });

const logs = object<ContainerLogs>({
  driver: required(oneOf(logDrivers, isPlannedDriver), "where its output goes"),
  options: defaulted(mapOf(labelKey, logOption, 50), {}, "options of the driver"),
  secretOptions: optional(mapOf(labelKey, secretArn, 50), "options of the driver that ECS reads from a secret"),
});

const dependency = object<Dependency>({
  container: required(nameText, "another container of the task"),
  condition: required(
    oneOf(["start", "healthy", "complete", "success"]),
    "how far that has to be: started, healthy by its check, exited, or exited with 0",
  ),
});

const environmentFile = object<EnvironmentFile>(
  { s3: required(environmentFileArn, "a file of lines NAME=value") },
  { planned: ["config", "secret"] },
);

const mount = object<Mount>({
  volume: required(nameText, "a volume of the task"),
  path: required(folderPath, "where the container sees it; once in its container"),
  readOnly: defaulted(flag, false, "the container may only read it"),
});

/** One container of a task. */
export const containerSchema = object<Container>({
  name: required(nameText, "once in its task"),
  image: required(imageName, "what it runs"),
  registryCredentials: optional(wholeSecretArn, "what a private registry asks for"),
  entryPoint: defaulted(command, [], "replaces the image's entry point; empty: the image's"),
  command: defaulted(command, [], "replaces the image's command; empty: the image's"),
  workingDirectory: optional(absolutePath, "where its command starts; absent: the image's"),
  user: optional(userName, "who runs its command; absent: the image's"),
  cpuUnits: required(integer(0, maxCpuUnits), "its share of CPU; 1024 = one vCPU"),
  memoryMib: required(integer(6, maxMemoryMib), "memory above which it is killed"),
  memoryReservationMib: optional(integer(6, maxMemoryMib), "memory that is kept free for it, at most memoryMib"),
  gpu: optional(integer(1, 16), "whole GPUs of the node that are its own; not on fargate"),
  essential: defaulted(flag, true, "the task ends when it ends"),
  dependsOn: optional(list(dependency, { most: 10 }), "what it waits for; it stops before those"),
  ports: defaulted(list(port, { most: 100 }), [], "where it listens"),
  environment: defaulted(mapOf(variableName, variableValue, 500), {}, "plain environment variables"),
  environmentFrom: optional(
    list(environmentFile, { most: 10 }),
    "files of more variables; of one variable the first counts, and environment before any",
  ),
  secrets: defaulted(mapOf(variableName, secretArn, 500), {}, "environment variables that ECS reads from a secret"),
  plainSecrets: optional(
    list(variableName, { most: 500, unique: true }),
    "environment keys that look secret and are not",
  ),
  mounts: optional(list(mount, { most: 20 }), "where it sees the task's volumes"),
  health: optional(health, "how it is checked; absent: it counts as healthy while it runs"),
  stopTimeoutSeconds: defaulted(integer(0, 3600), 30, "time between SIGTERM and SIGKILL; on fargate at most 120"),
  logs: optional(logs, "where its output goes; absent: the install's log group, if it has one"),
});
