import type { EcsEngineOptions } from "./api.ts";

type Place = Pick<EcsEngineOptions, "region" | "account">;

/** An ARN of the ECS service: `arn("task", "cluster", "id")` ends in `task/cluster/id`. */
export function arnOf(place: Place, ...parts: readonly string[]): string {
  return `arn:aws:ecs:${place.region}:${place.account}:${parts.join("/")}`;
}

/** What follows the last slash: ECS takes a short name or id wherever it takes an ARN. */
export function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}
