import type { Constraint, Metadata, Placement, Restart, ServiceManifest, ServiceSpec, Spread, Traffic } from "../model/service.ts";
import type { Network, TaskTemplate } from "../model/task-template.ts";
import { autoscalingSchema } from "./autoscaling-schema.ts";
import { containerSchema, maxCpuUnits, maxMemoryMib } from "./container-schema.ts";
import { defaulted, object, optional, required } from "./objects.ts";
import { flag, integer, list, mapOf, oneOf, text } from "./readers.ts";
import { rolloutSchema } from "./rollout-schema.ts";
import {
  attributeName,
  attributeValue,
  labelKey,
  nameText,
  roleArn,
  securityGroupId,
  subnetId,
  targetGroupArn,
} from "./words.ts";

/** The kinds that the design names beside those that are built. */
export const plannedKinds = ["Daemon", "Stateful", "Job", "CronJob"];

/** What is made of tasks, of what is built. */
export const kindWord = oneOf(["Service"], (word) => plannedKinds.includes(word));

/** How many tasks a service may have. */
export const replicaCount = integer(0, 5000);

const metadata = object<Metadata>({
  namespace: required(nameText, "whose it is"),
  name: required(nameText, "once in its namespace"),
  labels: defaulted(
    mapOf(labelKey, text({ allowed: "text of at most 256 characters", most: 256, mayBeEmpty: true }), 50),
    {},
    "short marks to choose by",
  ),
  annotations: defaulted(
    mapOf(labelKey, text({ allowed: "text", mayBeEmpty: true, lines: true }), 50),
    {},
    "notes for people and tools",
  ),
});

const network = object<Network>({
  mode: required(oneOf(["awsvpc", "bridge", "host"]), "awsvpc gives each task an address of its own"),
  subnets: defaulted(list(subnetId, { most: 16, unique: true }), [], "where awsvpc tasks get their addresses"),
  securityGroups: defaulted(list(securityGroupId, { most: 5, unique: true }), [], "what may reach awsvpc tasks"),
  publicIp: defaulted(flag, false, "awsvpc tasks get a public address too"),
});

const task = object<TaskTemplate>(
  {
    cpuUnits: optional(
      integer(0, maxCpuUnits),
      "CPU of the whole task; absent: its containers' sum, for Fargate rounded up",
    ),
    memoryMib: optional(
      integer(6, maxMemoryMib),
      "memory of the whole task; absent: its containers' sum, for Fargate rounded up",
    ),
    architecture: defaulted(oneOf(["x86_64", "arm64"]), "x86_64", "what its images are built for"),
    taskRole: optional(roleArn, "what its containers may do in AWS"),
    executionRole: optional(roleArn, "what ECS may do to start it; absent: the install's"),
    network: optional(network, "absent: the install's"),
    containers: required(
      list(containerSchema, { least: 1, most: 10 }),
      "what runs together; at least one is essential",
    ),
  },
  { planned: ["exec", "ephemeralStorageGib", "volumes"] },
);

const capacity = object<Placement["capacity"][number]>(
  {
    // Any other word may be meant as the name of a capacity provider.
    type: required(
      oneOf(["ec2", "fargate"], () => true),
      "what runs its tasks",
    ),
  },
  { planned: ["weight", "base"] },
);

const spread = object<Spread>({
  by: required(attributeName, "tasks are spread over its values"),
  maxSkew: defaulted(integer(1, 100), 1, "how many more tasks the fullest may have than the emptiest"),
  whenUnsatisfiable: defaulted(oneOf(["refuse", "prefer"]), "prefer", "start no task, or place it as well as possible"),
});

const constraint = object<Constraint>({
  attribute: required(attributeName, "what is looked at"),
  operator: required(oneOf(["in", "notIn", "exists", "notExists"]), "how"),
  values: defaulted(list(attributeValue, { most: 20, unique: true }), [], "for in and notIn"),
});

const placement = object<Placement>(
  {
    capacity: defaulted(list(capacity, { most: 1 }), [], "what runs its tasks; empty: the install's default"),
    spread: defaulted(list(spread, { most: 5 }), [], "over what tasks are spread"),
    constraints: defaulted(list(constraint, { most: 10 }), [], "what a node must be"),
  },
  { planned: ["affinity", "tolerations"] },
);

const restart = object<Restart>({
  backoffSeconds: defaulted(integer(0, 300), 10, "wait before the first restart; doubles with each failure"),
  maxBackoffSeconds: defaulted(integer(1, 3600), 300, "longest wait"),
  resetSeconds: defaulted(integer(0, 86_400), 600, "healthy time after which failures are forgotten"),
});

const traffic = object<Traffic>(
  {
    targetGroup: required(targetGroupArn, "who sends it requests"),
    container: required(nameText, "which container serves them"),
    port: required(nameText, "at which of its ports"),
    drainSeconds: defaulted(integer(0, 3600), 30, "how long a leaving task waits for its last requests"),
    healthGraceSeconds: defaulted(integer(0, 7200), 0, "how long after a start failing target checks do not count"),
  },
  { planned: ["weight", "canaryTargetGroup", "listenerRule"] },
);

const spec = object<ServiceSpec>(
  {
    replicas: defaulted(replicaCount, 1, "tasks wanted; with autoscaling those of the first start"),
    priority: defaulted(integer(0, 100), 50, "higher ones are placed first"),
    task: required(task, "what each task is"),
    placement: defaulted(placement, {}, "where its tasks run"),
    restart: defaulted(restart, {}, "how soon failed tasks are replaced"),
    traffic: defaulted(list(traffic, { most: 5 }), [], "who sends it requests"),
    rollout: defaulted(rolloutSchema, {}, "how a new revision replaces the old one"),
    autoscaling: optional(autoscalingSchema, "how many tasks it has, by its metrics; absent: replicas"),
  },
  { planned: ["dependsOn", "discovery", "disruption"] },
);

/** The manifest of a service: every field that it may have, with ranges and defaults. */
export const serviceSchema = object<ServiceManifest>({
  apiVersion: required(oneOf(["longshore.dev/v1"]), "which edition of these fields it is written in"),
  kind: required(kindWord, "what it describes"),
  metadata: required(metadata, "which one it describes"),
  spec: required(spec, "how it should be"),
});
