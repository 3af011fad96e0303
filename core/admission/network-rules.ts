import type { Container } from "../model/task-template.ts";
import { conflict } from "./findings.ts";
import type { Draft } from "./objects.ts";
import { type Place, within } from "./place.ts";
import type { TaskRule } from "./task-rule.ts";

/** Subnets, security groups and a public address are those of an interface of the task's own. */
export const networkFitsItsMode: TaskRule = ({ network = {} }, place, findings) => {
  const { mode, subnets, securityGroups, publicIp } = network;
  const here = within(place, "network");
  if (mode === "awsvpc" && subnets?.length === 0) {
    conflict(findings, within(here, "subnets"), () => "subnets must name at least one for mode awsvpc, got none");
  }
  if (mode !== "bridge" && mode !== "host") return;
  const given = { subnets: subnets?.length, securityGroups: securityGroups?.length, publicIp };
  for (const [name, value] of Object.entries(given)) {
    if (value) conflict(findings, within(here, name), () => `${name} needs mode awsvpc, got ${mode}`);
  }
};

/** SSH, Docker and ECS's agent listen there on every node: a task that wants one finds no place anywhere. */
const nodePorts: ReadonlySet<number> = new Set([22, 2375, 2376, 51_678, 51_679, 51_680]);

/** A port of a container, read as far as ports can be compared. */
interface Port {
  readonly containerPort: number;
  readonly hostPort: number | undefined;
  readonly protocol: string;
  /** Of the member that says which port of the node is meant. */
  readonly place: Place;
}

/**
 * What a task takes of its node's ports, or of its own interface's, it takes once; only a bridge maps a port to another.
 * Without a mode the install decides: a free choice of ports needs one, so that no other mode is meant.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
 */
export const portsOfTheNodeAreFree: TaskRule = ({ network, containers = [] }, place, findings) => {
  const mode = network?.mode;
  const taken = new Set<string>();
  for (const { containerPort, hostPort, protocol, place: here } of portsOf(containers, within(place, "containers"))) {
    if (hostPort !== undefined && hostPort !== containerPort && mode !== "bridge") {
      conflict(
        findings,
        here,
        () => `hostPort must be containerPort (${containerPort}) unless network.mode is bridge, got ${hostPort}`,
      );
      continue;
    }
    const fixed = hostPort ?? (mode === "awsvpc" || mode === "host" ? containerPort : undefined);
    if (fixed === undefined) continue;
    if (mode !== "awsvpc" && nodePorts.has(fixed)) {
      conflict(findings, here, () => `port ${fixed} is the node's own; choose another`);
    }
    const number = `${fixed}/${protocol}`;
    if (taken.has(number)) {
      conflict(findings, here, () => `a port must stand once in its task, but ${number} is there again`);
    }
    taken.add(number);
  }
};

function portsOf(containers: readonly (Draft<Container> | undefined)[], place: Place): readonly Port[] {
  return containers.flatMap((container, index) =>
    (container?.ports ?? []).flatMap((port, at) => {
      const { containerPort, hostPort, protocol } = port ?? {};
      if (containerPort === undefined || protocol === undefined) return [];
      const member = hostPort === undefined ? "containerPort" : "hostPort";
      return [{ containerPort, hostPort, protocol, place: within(place, index, "ports", at, member) }];
    }),
  );
}
