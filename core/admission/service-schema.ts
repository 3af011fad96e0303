import type {
  Constraint,
  Metadata,
  Placement,
  Restart,
  ServiceManifest,
  ServiceSpec,
  Spread,
  Traffic,
} from "../model/service.ts";
import { autoscalingSchema } from "./autoscaling-schema.ts";
import { defaulted, object, optional, required } from "./objects.ts";
import { integer, list, mapOf, oneOf, text } from "./readers.ts";
import { rolloutSchema } from "./rollout-schema.ts";
import { taskSchema } from "./task-schema.ts";
import { attributeName, attributeValue, labelKey, nameText, targetGroupArn } from "./words.ts";

/** Kinds that are planned, and refused by name until built. */
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
    task: required(taskSchema, "what each task is"),
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
