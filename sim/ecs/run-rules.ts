import { isForFargate } from "./definition-nouns.ts";
import { clientError, invalidParameter } from "./errors.ts";
import type { RunInput } from "./inputs.ts";
import { instancesOf } from "./instances.ts";
import type { DefinitionState, Ecs } from "./state.ts";
import { readTags } from "./tags.ts";

/** One thing that RunTask refuses before it looks for room; the message says what. */
type Rule = (input: RunInput) => string | undefined;

const rules: readonly Rule[] = [
  ({ count = 1 }) => (count < 1 || count > 10 ? `count must be 1 to 10, got ${count}` : undefined),
  ({ capacityProviderStrategy }) =>
    capacityProviderStrategy?.length ? "no capacity provider is known here; name a launchType" : undefined,
  ({ startedBy = "" }) =>
    /^[A-Za-z0-9_/-]{0,128}$/.test(startedBy)
      ? undefined
      : `startedBy must be up to 128 letters, digits, hyphens, underscores and slashes, got ${startedBy}`,
  ({ group = "" }) => (group.length > 255 ? `group must have at most 255 characters, got ${group.length}` : undefined),
  ({ propagateTags }) => (propagateTags === "SERVICE" ? "propagateTags SERVICE is for services only" : undefined),
  ({ overrides }) => {
    const length = JSON.stringify(overrides ?? {}).length;
    return length > 8192 ? `overrides must have at most 8192 characters, got ${length}` : undefined;
  },
  ({ placementConstraints: { length } = [] }) =>
    length > 10 ? `placementConstraints must be 0 to 10, got ${length}` : undefined,
  ({ placementConstraints = [] }) => {
    const unknown = placementConstraints.find(({ type }) => type !== "memberOf" && type !== "distinctInstance");
    return unknown && `constraint.type '${unknown.type}' is not supported.`;
  },
  ({ placementStrategy: { length } = [] }) =>
    length > 5 ? `placementStrategy must be 0 to 5, got ${length}` : undefined,
  ({ launchType, placementConstraints = [], placementStrategy = [] }) =>
    launchType === "FARGATE" && placementConstraints.length + placementStrategy.length > 0
      ? "Placement constraints and strategies are not supported with FARGATE launch type."
      : undefined,
];

/** Throws InvalidParameterException or ClientException for a request that can never be carried out. */
export function checkRun(ecs: Ecs, cluster: string, input: RunInput, definition: DefinitionState): void {
  const broken = rules.map((rule) => rule(input)).find((message) => message !== undefined);
  if (broken !== undefined) throw invalidParameter(broken);
  readTags(input.tags ?? []);
  for (const { name } of input.overrides?.containerOverrides ?? []) {
    if (definition.containers.some((container) => container.name === name)) continue;
    throw invalidParameter(`Override for container named ${name} is not a container in the TaskDefinition.`);
  }
  if (definition.status === "INACTIVE") throw clientError("TaskDefinition is inactive");
  const role = input.overrides?.taskRoleArn ?? definition.registered.taskRoleArn;
  if (input.enableExecuteCommand && role === undefined) {
    throw invalidParameter(
      "The execute command failed because a valid task role is not being used. Specify a valid task role in your task definition or as a task override and try again.",
    );
  }
  if (input.launchType === "FARGATE" && !isForFargate(definition.registered)) {
    throw invalidParameter("Task definition does not support launch_type FARGATE.");
  }
  if (input.launchType !== "FARGATE" && !instancesOf(ecs, cluster).some(({ status }) => status === "ACTIVE")) {
    throw invalidParameter("No Container Instances were found in your cluster.");
  }
}
