import type { CapacityType, ServiceSpec } from "../model/service.ts";
import { orList } from "../words/or-list.ts";
import { type Findings, report } from "./findings.ts";
import type { Draft } from "./objects.ts";
import { child, type Place } from "./place.ts";
import { taskRules } from "./task-rules.ts";

/** Looks at fields that have to go together. Parts that could not be read are passed over: they were reported. */
type Rule = (spec: Draft<ServiceSpec>, place: Place, findings: Findings) => void;

const taskHolds: Rule = (spec, place, findings) => {
  if (!spec.task) return;
  for (const rule of taskRules) rule(spec.task, child(place, "task"), findings, capacityOf(spec));
};

const trafficReachesAPort: Rule = ({ task, traffic }, place, findings) => {
  const containers = task?.containers;
  if (!containers || containers.some((container) => container?.name === undefined)) return;
  for (const [index, entry] of (traffic ?? []).entries()) {
    const here = child(child(place, "traffic"), index);
    if (entry?.container === undefined) continue;
    const container = containers.find((candidate) => candidate?.name === entry.container);
    const names = containers.flatMap((candidate) => candidate?.name ?? []);
    if (!container) mustBeOneOf(names, entry.container, child(here, "container"), "container", findings);
    const ports = container?.ports?.map((port) => port?.name);
    if (!ports || entry.port === undefined || ports.includes(undefined) || ports.includes(entry.port)) continue;
    mustBeOneOf(
      ports.flatMap((port) => port ?? []),
      entry.port,
      child(here, "port"),
      `port of ${entry.container}`,
      findings,
    );
  }
};

function mustBeOneOf(names: readonly string[], got: string, place: Place, what: string, findings: Findings): void {
  report(
    findings,
    place,
    "conflict",
    () => `${got} is no ${what}; there ${names.length < 2 ? "is" : "are"} ${orList(names)}`,
  );
}

const deadlineOutlastsReadiness: Rule = ({ rollout }, place, findings) => {
  const { minReadySeconds: ready, progressDeadlineSeconds: deadline } = rollout ?? {};
  if (ready === undefined || deadline === undefined || deadline > ready) return;
  const here = child(child(place, "rollout"), "progressDeadlineSeconds");
  report(
    findings,
    here,
    "conflict",
    () => `progressDeadlineSeconds must exceed minReadySeconds (${ready}), got ${deadline}`,
  );
};

const backOffGrows: Rule = ({ restart }, place, findings) => {
  const { backoffSeconds: first, maxBackoffSeconds: longest } = restart ?? {};
  if (first === undefined || longest === undefined || longest >= first) return;
  const here = child(child(place, "restart"), "maxBackoffSeconds");
  report(
    findings,
    here,
    "conflict",
    () => `maxBackoffSeconds must be at least backoffSeconds (${first}), got ${longest}`,
  );
};

const constraintsHaveTheirValues: Rule = ({ placement }, place, findings) => {
  for (const [index, constraint] of (placement?.constraints ?? []).entries()) {
    const { operator, values } = constraint ?? {};
    if (operator === undefined || values === undefined) continue;
    const needsValues = operator === "in" || operator === "notIn";
    if (needsValues === values.length > 0) continue;
    const here = child(child(child(child(place, "placement"), "constraints"), index), "values");
    const wanted = needsValues ? "at least one value" : "no values";
    report(findings, here, "conflict", () => `${operator} needs ${wanted}, got ${values.length}`);
  }
};

const maxHoldsMin: Rule = ({ autoscaling }, place, findings) => {
  const { min, max } = autoscaling ?? {};
  if (min === undefined || max === undefined || max >= min) return;
  const here = child(child(place, "autoscaling"), "max");
  report(findings, here, "conflict", () => `max must be at least min (${min}), got ${max}`);
};

const queuesAreFollowedOnce: Rule = ({ autoscaling }, place, findings) => {
  const queues = (autoscaling?.metrics ?? []).map((metric) => metric?.queue);
  for (const [index, queue] of queues.entries()) {
    if (queue === undefined || queues.indexOf(queue) === index) continue;
    const here = child(child(child(child(place, "autoscaling"), "metrics"), index), "queue");
    report(findings, here, "conflict", () => `queue must stand once in metrics, but ${queue} is there again`);
  }
};

/** In the order in which their issues are told. */
export const specRules: readonly Rule[] = [
  taskHolds,
  constraintsHaveTheirValues,
  backOffGrows,
  trafficReachesAPort,
  deadlineOutlastsReadiness,
  maxHoldsMin,
  queuesAreFollowedOnce,
];

/** What a service asks for; when it names no capacity, the install decides and reconcile rounds the size up. */
export function capacityOf({ placement }: Draft<ServiceSpec>): CapacityType | undefined {
  return placement?.capacity?.[0]?.type;
}
