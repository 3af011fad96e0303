import { EcsError } from "./api.ts";
import { invalidParameter } from "./errors.ts";
import type { Input } from "./inputs.ts";
import type { Ecs } from "./state.ts";
import { type Json, tagList } from "./wire.ts";

type TagInput = readonly { readonly key: string; readonly value?: string | undefined }[];

/** What ECS takes in a key or a value. */
const wellFormed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Tags as a record. Throws InvalidParameterException past ECS's bounds: 50 tags with keys of their own, keys 1 to 128,
 * values up to 256 characters, and neither beginning with `aws:`.
 */
export function readTags(tags: TagInput): Readonly<Record<string, string>> {
  if (tags.length > 50) throw invalidParameter(`a resource may have 50 tags, got ${tags.length}`);
  for (const { key, value = "" } of tags) {
    if (key.length < 1 || key.length > 128) throw invalidParameter(`a tag's key must have 1 to 128 characters: ${key}`);
    if (value.length > 256) throw invalidParameter(`the value of tag ${key} must have at most 256 characters`);
    if (!wellFormed.test(key + value))
      throw invalidParameter(`a tag must be of letters, digits, spaces and _.:/=+-@, got ${key}: ${value}`);
    const reserved = [key, value].find((text) => /^aws:/i.test(text));
    if (reserved !== undefined) throw invalidParameter(`the prefix aws: is reserved: ${reserved}`);
  }
  const record = Object.fromEntries(tags.map(({ key, value = "" }) => [key, value]));
  if (Object.keys(record).length < tags.length) throw invalidParameter("Duplicate tag keys are not allowed.");
  return record;
}

/** Adds tags to what a resource has. */
export function setTags(ecs: Ecs, arn: string, tags: TagInput): void {
  const added = readTags(tags);
  if (tags.length > 0) ecs.state.tags.set(arn, { ...ecs.state.tags.get(arn), ...added });
}

/** Adds tags to a cluster, task, task definition or container instance. */
export function tagResource(ecs: Ecs, input: Input<"TagResource">): Json {
  requireResource(ecs, input.resourceArn);
  setTags(ecs, input.resourceArn, input.tags);
  return {};
}

/** The tags of a cluster, task, task definition or container instance. */
export function listTagsForResource(ecs: Ecs, { resourceArn }: Input<"ListTagsForResource">): Json {
  requireResource(ecs, resourceArn);
  return { tags: tagList(ecs.state.tags.get(resourceArn)) };
}

function requireResource(ecs: Ecs, arn: string): void {
  const { tasks, definitions, instances, clusters } = ecs.state;
  const known = tasks.has(arn) || definitions.has(arn) || instances.has(arn);
  if (known || [...clusters.values()].some((cluster) => cluster.arn === arn)) return;
  throw new EcsError("ResourceNotFoundException", `The specified resource could not be found: ${arn}`);
}
