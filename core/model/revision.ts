import { canonicalJson } from "./canonical.ts";
import { fargateSizeFor } from "./fargate.ts";
import type { RevisionContent, SpecRecord } from "./records.ts";
import type { Settings } from "./settings.ts";
import type { Container, Network } from "./task-template.ts";

/**
 * What a spec wants to run, with every default of the install filled in: what a revision's hash is of. A later change of
 * those defaults is a new revision of every service that leans on them, at its next pass.
 */
export function revisionContent({ manifest, restarts }: SpecRecord, settings: Settings): RevisionContent {
  const { task, placement } = manifest.spec;
  const { defaults } = settings;
  const executionRole = task.executionRole ?? defaults.executionRole;
  const capacity = placement.capacity[0]?.type ?? defaults.capacity;
  return {
    task: {
      ...task,
      ...(capacity === "fargate" ? fargateSizeFor(task) : {}),
      ...(executionRole === undefined ? {} : { executionRole }),
      containers: task.containers.map((container) => withLogs(container, manifest.metadata, settings)),
    },
    network: networkOf(task.network, defaults.network),
    capacity,
    restarts,
  };
}

/** The text whose hash names a revision: equal content, equal text. */
export function revisionText(content: RevisionContent): string {
  return canonicalJson(content);
}

/** A network that names no subnets or groups gets the install's. */
function networkOf(given: Network | undefined, fallback: Network): Network {
  if (given === undefined) return fallback;
  return {
    ...given,
    subnets: given.subnets.length > 0 ? given.subnets : fallback.subnets,
    securityGroups: given.securityGroups.length > 0 ? given.securityGroups : fallback.securityGroups,
  };
}

/** A container that names no log driver writes to the install's log group, where there is one. */
function withLogs(
  container: Container,
  { namespace, name }: { namespace: string; name: string },
  { defaults, region }: Settings,
): Container {
  if (container.logs !== undefined || defaults.logGroup === undefined) return container;
  const options = {
    "awslogs-group": defaults.logGroup,
    "awslogs-region": region,
    "awslogs-stream-prefix": `${namespace}/${name}`,
  };
  return { ...container, logs: { driver: "awslogs", options } };
}
