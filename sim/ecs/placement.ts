import { invariant } from "../../core/model/fault.ts";
import { type Membership, parseExpression } from "./expression.ts";
import type { RunInput } from "./inputs.ts";
import { instancesOf, type Need } from "./instances.ts";
import type { Subnets } from "./network.ts";
import type { DefinitionState, Ecs, InstanceState, TaskState } from "./state.ts";
import { isLive } from "./state.ts";

/** What one task of a call asks of a container instance. */
export interface Request {
  readonly cluster: string;
  readonly group: string;
  readonly need: Need;
  readonly definition: DefinitionState;
  readonly subnets: Subnets;
  readonly memberships: readonly Membership[];
  /** Each task of the group on an instance of its own. */
  readonly distinct: boolean;
  readonly strategies: NonNullable<RunInput["placementStrategy"]>;
}

/** Where one task goes, or why nowhere and which instance came closest. */
export type Choice =
  | { readonly kind: "placed"; readonly instance: InstanceState }
  | { readonly kind: "refused"; readonly reason: string; readonly instanceArn: string };

/** Why an instance cannot take a task: a name that ECS answers, and whether it holds. */
interface Filter {
  readonly reason: string;
  accepts(request: Request, instance: InstanceState, live: readonly TaskState[]): boolean;
}

/** In this order: of several instances, the one that came furthest says why a task found no place. */
const filters: readonly Filter[] = [
  {
    reason: "MemberOf placement constraint unsatisfied.",
    accepts: ({ memberships }, instance) => memberships.every((holds) => holds(instance)),
  },
  {
    reason: "DistinctInstance placement constraint unsatisfied.",
    accepts: ({ distinct, group }, instance, live) =>
      !distinct ||
      !live.some(
        (task) => task.instanceArn === instance.arn && task.group === group && task.desiredStatus === "RUNNING",
      ),
  },
  { reason: "AGENT", accepts: (_, instance) => instance.agentConnected },
  {
    reason: "ATTRIBUTE",
    accepts: ({ definition }, { attributes }) => {
      const wanted = definition.registered.runtimePlatform?.cpuArchitecture;
      return wanted === undefined || wanted.toLowerCase() === attributes["ecs.cpu-architecture"]?.toLowerCase();
    },
  },
  {
    reason: "LOCATION",
    accepts: ({ subnets }, { zone }) => subnets.length === 0 || subnets.some((subnet) => subnet.zone === zone),
  },
  { reason: "RESOURCE:CPU", accepts: ({ need }, { remaining }) => need.cpuUnits <= remaining.cpuUnits },
  { reason: "RESOURCE:MEMORY", accepts: ({ need }, { remaining }) => need.memoryMib <= remaining.memoryMib },
  {
    reason: "RESOURCE:PORTS",
    accepts: ({ need }, { usedPorts }) => !need.fixedPorts.some((port) => usedPorts.includes(port)),
  },
  { reason: "RESOURCE:GPU", accepts: ({ need }, { gpus }) => need.gpus <= gpus.remaining },
];

/** What the constraints of a call and of its task definition ask of an instance. Throws InvalidParameterException. */
export function readConstraints(
  input: RunInput,
  definition: DefinitionState,
): Pick<Request, "memberships" | "distinct" | "strategies"> {
  const called = input.placementConstraints ?? [];
  const members = [...called, ...(definition.registered.placementConstraints ?? [])].filter(
    ({ type }) => type === "memberOf",
  );
  return {
    memberships: members.map(({ expression }) => parseExpression(expression ?? "")),
    distinct: called.some(({ type }) => type === "distinctInstance"),
    strategies: input.placementStrategy ?? [],
  };
}

/**
 * Chooses a container instance for one task. Without a strategy the first that fits, in the order of their
 * registration: a call may stack all its tasks on one. The cluster has an ACTIVE instance; no other takes tasks.
 */
export function chooseInstance(ecs: Ecs, request: Request): Choice {
  const active = instancesOf(ecs, request.cluster).filter(({ status }) => status === "ACTIVE");
  const live = [...ecs.state.tasks.values()].filter((task) => task.cluster === request.cluster && isLive(task));
  const judged = active.map((instance) => ({
    instance,
    refusedBy: filters.findIndex((filter) => !filter.accepts(request, instance, live)),
  }));
  const fitting = judged.filter(({ refusedBy }) => refusedBy < 0).map(({ instance }) => instance);
  const [best] = preferred(ecs, request, fitting, live);
  if (best !== undefined) return { kind: "placed", instance: best };
  const closest = judged.reduce<(typeof judged)[number] | undefined>(
    (found, next) => (found === undefined || next.refusedBy > found.refusedBy ? next : found),
    undefined,
  );
  invariant(closest !== undefined, `cluster ${request.cluster} has an active instance when a task is placed`);
  return { kind: "refused", reason: filters[closest.refusedBy]?.reason ?? "", instanceArn: closest.instance.arn };
}

/** Each strategy keeps the instances that are best by it; what is left is as good as the next, by registration. */
function preferred(
  ecs: Ecs,
  request: Request,
  fitting: readonly InstanceState[],
  live: readonly TaskState[],
): readonly InstanceState[] {
  let left = fitting;
  for (const { type, field } of request.strategies) {
    if (type === "random") {
      const drawn = left[Number.parseInt(ecs.options.hex(8), 16) % left.length];
      return drawn ? [drawn] : left;
    }
    left = lowest(left, type === "spread" ? crowd(ecs, request.group, field, live) : room(field));
  }
  return left;
}

function lowest(
  instances: readonly InstanceState[],
  score: (instance: InstanceState) => number,
): readonly InstanceState[] {
  const scores = instances.map(score);
  const best = Math.min(...scores);
  return instances.filter((_, index) => scores[index] === best);
}

/** How many tasks of the group an instance's domain has already. */
function crowd(
  ecs: Ecs,
  group: string,
  field: string | undefined,
  live: readonly TaskState[],
): (instance: InstanceState) => number {
  const domainOf = (instance: InstanceState | undefined) => {
    const attribute = /^attribute:(.+)$/.exec(field ?? "")?.[1];
    return attribute === undefined ? instance?.arn : instance?.attributes[attribute];
  };
  const peers = live.filter((task) => task.group === group);
  const counts = new Map<string | undefined, number>();
  for (const { instanceArn } of peers) {
    const domain = domainOf(ecs.state.instances.get(instanceArn ?? ""));
    counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  return (instance) => counts.get(domainOf(instance)) ?? 0;
}

function room(field: string | undefined): (instance: InstanceState) => number {
  return ({ remaining }) => (field?.toLowerCase() === "memory" ? remaining.memoryMib : remaining.cpuUnits);
}
