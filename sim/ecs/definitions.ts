import { arnOf } from "./arns.ts";
import { isEssential, isForFargate } from "./definition-nouns.ts";
import { checkDefinition } from "./definition-rules.ts";
import { clientError, invalidParameter } from "./errors.ts";
import type { ContainerInput, Input, RegisterInput } from "./inputs.ts";
import { pageOf } from "./pages.ts";
import type { DefinitionState, Ecs } from "./state.ts";
import { setTags } from "./tags.ts";
import { compact, epochSeconds, type Json, tagList } from "./wire.ts";

/** Adds a revision to a family. Not idempotent: every call is a new revision. */
export function registerTaskDefinition(ecs: Ecs, input: RegisterInput): Json {
  checkDefinition(input);
  const { tags = [], ...registered } = input;
  const revision = (ecs.state.revisions.get(input.family) ?? 0) + 1;
  const definition: DefinitionState = {
    arn: arnOf(ecs.options, "task-definition", `${input.family}:${revision}`),
    family: input.family,
    revision,
    status: "ACTIVE",
    networkMode: input.networkMode ?? "bridge",
    containers: input.containerDefinitions.map(withDefaults),
    registered,
    registeredAtMs: ecs.options.nowMs(),
  };
  setTags(ecs, definition.arn, tags);
  ecs.state.revisions.set(input.family, revision);
  ecs.state.definitions.set(definition.arn, definition);
  return { taskDefinition: definitionJson(definition), tags: tagList(ecs.state.tags.get(definition.arn)) };
}

/** Describes a revision, or a family's latest active one. */
export function describeTaskDefinition(ecs: Ecs, input: Input<"DescribeTaskDefinition">): Json {
  const definition = findDefinition(ecs, input.taskDefinition);
  if (definition === undefined) throw clientError("Unable to describe task definition.");
  return {
    taskDefinition: definitionJson(definition),
    ...(input.include?.includes("TAGS") && { tags: tagList(ecs.state.tags.get(definition.arn)) }),
  };
}

/** No task can be started from the revision any more; those that run are left alone. */
export function deregisterTaskDefinition(ecs: Ecs, input: Input<"DeregisterTaskDefinition">): Json {
  if (!/:\d+$/.test(input.taskDefinition)) throw invalidParameter("Revision is missing.");
  const definition = findDefinition(ecs, input.taskDefinition);
  if (definition === undefined) throw clientError("The specified task definition does not exist.");
  if (definition.status === "INACTIVE") throw clientError("The specified task definition is inactive.");
  const inactive = { ...definition, status: "INACTIVE", deregisteredAtMs: ecs.options.nowMs() } as const;
  ecs.state.definitions.set(inactive.arn, inactive);
  return { taskDefinition: definitionJson(inactive) };
}

/** ARNs of revisions, by family and then by number, in pages; only active ones unless told otherwise. */
export function listTaskDefinitions(ecs: Ecs, input: Input<"ListTaskDefinitions">): Json {
  const { status = "ACTIVE", sort = "ASC", familyPrefix } = input;
  // Revisions of a family are recorded in their order, and sorting keeps it.
  const sorted = [...ecs.state.definitions.values()].sort(
    (a, b) => Number(a.family > b.family) - Number(a.family < b.family),
  );
  const shows = (definition: DefinitionState) =>
    (familyPrefix === undefined || definition.family === familyPrefix) &&
    (status === "ALL" || definition.status === status);
  const all = sort === "ASC" ? sorted : sorted.reverse();
  const { items, nextToken } = pageOf({ all, keyOf: ({ arn }) => arn, shows }, input);
  return { taskDefinitionArns: items.map(({ arn }) => arn), ...nextToken };
}

/** Families by name, in pages. One is active while one of its revisions is. */
export function listTaskDefinitionFamilies(ecs: Ecs, input: Input<"ListTaskDefinitionFamilies">): Json {
  const { status = "ALL", familyPrefix = "" } = input;
  const definitions = [...ecs.state.definitions.values()];
  const active = new Set(
    definitions.filter((definition) => definition.status === "ACTIVE").map(({ family }) => family),
  );
  const shows = (family: string) =>
    family.startsWith(familyPrefix) && (status === "ALL" || active.has(family) === (status === "ACTIVE"));
  const all = [...ecs.state.revisions.keys()].sort();
  const { items, nextToken } = pageOf({ all, keyOf: (family) => family, shows }, input);
  return { families: items, ...nextToken };
}

/** A revision by `family:revision` or ARN, or a family's latest active one. */
export function findDefinition(ecs: Ecs, name: string): DefinitionState | undefined {
  if (name.startsWith("arn:")) return ecs.state.definitions.get(name);
  if (name.includes(":")) return ecs.state.definitions.get(arnOf(ecs.options, "task-definition", name));
  return [...ecs.state.definitions.values()].findLast(({ family, status }) => family === name && status === "ACTIVE");
}

function withDefaults(container: ContainerInput): ContainerInput {
  return {
    ...container,
    cpu: container.cpu ?? 0,
    essential: isEssential(container),
    environment: container.environment ?? [],
    portMappings: (container.portMappings ?? []).map((port) => ({ ...port, protocol: port.protocol ?? "tcp" })),
    mountPoints: container.mountPoints ?? [],
    volumesFrom: container.volumesFrom ?? [],
  };
}

function definitionJson(definition: DefinitionState): Json {
  return compact({
    ...definition.registered,
    taskDefinitionArn: definition.arn,
    revision: definition.revision,
    status: definition.status,
    networkMode: definition.networkMode,
    containerDefinitions: definition.containers,
    placementConstraints: definition.registered.placementConstraints ?? [],
    volumes: definition.registered.volumes ?? [],
    compatibilities: isForFargate(definition.registered) ? ["EC2", "FARGATE"] : ["EXTERNAL", "EC2"],
    registeredAt: epochSeconds(definition.registeredAtMs),
    deregisteredAt: epochSeconds(definition.deregisteredAtMs),
  });
}
