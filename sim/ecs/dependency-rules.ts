import { isEssential, type Rule } from "./definition-nouns.ts";
import type { ContainerInput, RegisterInput } from "./inputs.ts";

/** What a container's dependencies are refused for. */
export const dependencyRules: readonly Rule<ContainerInput>[] = [
  ({ dependsOn = [] }, { containerDefinitions }) => {
    const unknown = dependsOn.find(({ containerName }) => find(containerDefinitions, containerName) === undefined);
    // The plus sign is ECS's own.
    return unknown && `Cannot depend on container + '${unknown.containerName}' because it does not exist`;
  },
  ({ dependsOn = [] }, { containerDefinitions }) => {
    const wrong = dependsOn.some(({ containerName, condition }) => {
      const awaited = find(containerDefinitions, containerName);
      return (condition === "SUCCESS" || condition === "COMPLETE") && awaited !== undefined && isEssential(awaited);
    });
    return wrong
      ? "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container"
      : undefined;
  },
  ({ dependsOn = [] }, { containerDefinitions }) => {
    const wrong = dependsOn.find(
      ({ containerName, condition }) =>
        condition === "HEALTHY" && find(containerDefinitions, containerName)?.healthCheck === undefined,
    );
    return wrong && `A dependency with HEALTHY condition requires a health check of container ${wrong.containerName}.`;
  },
  ({ name }, { containerDefinitions }) =>
    awaitedBy(containerDefinitions, name).has(name)
      ? `The dependencies of container ${name} contain a cycle.`
      : undefined,
];

function find(containers: RegisterInput["containerDefinitions"], name: string): ContainerInput | undefined {
  return containers.find((container) => container.name === name);
}

/** All that a container waits for, and what those wait for. */
function awaitedBy(containers: RegisterInput["containerDefinitions"], name: string): ReadonlySet<string> {
  const awaited = new Set<string>();
  const pending = [name];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { containerName } of find(containers, next)?.dependsOn ?? []) {
      if (!awaited.has(containerName)) pending.push(containerName);
      awaited.add(containerName);
    }
  }
  return awaited;
}
