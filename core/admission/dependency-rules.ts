import type { Container, Dependency } from "../model/task-template.ts";
import { orList } from "../words/or-list.ts";
import { conflict, type Findings, isReported } from "./findings.ts";
import type { Draft } from "./objects.ts";
import { type Place, within } from "./place.ts";
import type { TaskRule } from "./task-rule.ts";

type Containers = readonly (Draft<Container> | undefined)[];

/**
 * What a container waits for is there, can come to pass, and waits for nothing that waits for it.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 */
export const dependenciesHold: TaskRule = ({ containers = [] }, place, findings) => {
  const here = within(place, "containers");
  for (const [index, container] of containers.entries()) {
    const seen = new Set<string>();
    for (const [at, dependency] of (container?.dependsOn ?? []).entries()) {
      const name = dependency?.container;
      if (dependency === undefined || name === undefined) continue;
      const there = within(here, index, "dependsOn", at);
      if (seen.has(name)) {
        conflict(findings, within(there, "container"), () => `container must stand once, but ${name} is there again`);
      } else canComeToPass({ containers, dependency, name }, here, there, findings);
      seen.add(name);
    }
  }
  refuseCycles(containers, here, findings);
};

function canComeToPass(
  { containers, dependency, name }: { containers: Containers; dependency: Draft<Dependency>; name: string },
  all: Place,
  place: Place,
  findings: Findings,
): void {
  const index = containers.findIndex((candidate) => candidate?.name === name);
  const awaited = containers[index];
  if (awaited === undefined) {
    const names = containers.map((candidate) => candidate?.name);
    if (!names.includes(undefined)) refuseUnknown(names, name, place, findings);
    return;
  }
  const { condition } = dependency;
  const here = within(place, "condition");
  if (condition === "healthy" && !awaited.health && !isReported(findings, within(all, index, "health"))) {
    conflict(findings, here, () => `healthy needs a health check of ${name}, which has none`);
  }
  if ((condition === "complete" || condition === "success") && awaited.essential === true) {
    conflict(findings, here, () => `${condition} needs ${name} to be not essential: when it ends, the task does`);
  }
}

function refuseUnknown(names: readonly (string | undefined)[], name: string, place: Place, findings: Findings): void {
  const known = orList(names.flatMap((candidate) => candidate ?? []));
  conflict(
    findings,
    within(place, "container"),
    () => `${name} is no container; there ${names.length < 2 ? "is" : "are"} ${known}`,
  );
}

/** Tells of each cycle once, at the first of its containers. */
function refuseCycles(containers: Containers, place: Place, findings: Findings): void {
  for (const [index, container] of containers.entries()) {
    const name = container?.name;
    if (name === undefined) continue;
    const way = wayBack(containers.slice(index), name);
    if (way === undefined) continue;
    conflict(findings, within(place, index, "dependsOn"), () => `dependsOn must not lead back: ${way.join(" → ")}`);
  }
}

/** The containers on the way from one back to itself, itself at both ends; undefined: there is none. */
function wayBack(containers: Containers, name: string): readonly string[] | undefined {
  const visited = new Set<string>();
  const follow = (from: string): readonly string[] | undefined => {
    const waiting = containers.find((candidate) => candidate?.name === from);
    for (const dependency of waiting?.dependsOn ?? []) {
      const next = dependency?.container;
      if (next === name) return [from, name];
      if (next === undefined || visited.has(next)) continue;
      visited.add(next);
      const rest = follow(next);
      if (rest) return [from, ...rest];
    }
    return undefined;
  };
  return follow(name);
}
