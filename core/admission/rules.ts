import type { ServiceSpec } from "../model/service.ts";
import { containerRules } from "./container-rules.ts";
import { type Findings, report } from "./findings.ts";
import type { Draft } from "./objects.ts";
import { child, type Place } from "./place.ts";
import { orList } from "./readers.ts";

/** Looks at fields that have to go together. Parts that could not be read are passed over: they were reported. */
type Rule = (spec: Draft<ServiceSpec>, place: Place, findings: Findings) => void;

const fargateLogDrivers = ["awslogs", "awsfirelens", "splunk"];

const containersHaveTheirOwnRules: Rule = ({ task }, place, findings) => {
  const containers = child(child(place, "task"), "containers");
  const names = (task?.containers ?? []).map((container) => container?.name);
  for (const [index, container] of (task?.containers ?? []).entries()) {
    const here = child(containers, index);
    const { name } = container ?? {};
    if (name !== undefined && names.indexOf(name) < index) {
      report(
        findings,
        child(here, "name"),
        "conflict",
        () => `name must stand once in its task, but ${name} is there again`,
      );
    }
    for (const rule of containerRules) if (container) rule(container, here, findings);
  }
};

const oneContainerIsEssential: Rule = ({ task }, place, findings) => {
  const containers = task?.containers ?? [];
  if (containers.length === 0 || containers.some((container) => container?.essential !== false)) return;
  const here = child(child(place, "task"), "containers");
  report(findings, here, "conflict", () => "at least one container must be essential, got none");
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

const networkFitsItsMode: Rule = ({ task }, place, findings) => {
  const { mode, subnets, securityGroups, publicIp } = task?.network ?? {};
  const here = child(child(place, "task"), "network");
  if (mode === "awsvpc" && subnets?.length === 0) {
    report(
      findings,
      child(here, "subnets"),
      "conflict",
      () => "subnets must name at least one for mode awsvpc, got none",
    );
  }
  if (mode !== "bridge" && mode !== "host") return;
  const given = { subnets: subnets?.length, securityGroups: securityGroups?.length, publicIp };
  for (const [name, value] of Object.entries(given)) {
    if (value) report(findings, child(here, name), "conflict", () => `${name} needs mode awsvpc, got ${mode}`);
  }
};

const fargateTakesIt: Rule = (spec, place, findings) => {
  if (!isOnFargate(spec)) return;
  const task = child(place, "task");
  const mode = spec.task?.network?.mode;
  if (mode === "bridge" || mode === "host") {
    const here = child(child(task, "network"), "mode");
    report(findings, here, "conflict", () => `mode must be awsvpc on fargate, got ${mode}`);
  }
  for (const [index, container] of (spec.task?.containers ?? []).entries()) {
    const driver = container?.logs?.driver;
    if (driver === undefined || fargateLogDrivers.includes(driver)) continue;
    const here = child(child(child(child(task, "containers"), index), "logs"), "driver");
    report(findings, here, "conflict", () => `driver must be ${orList(fargateLogDrivers)} on fargate, got ${driver}`);
  }
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
  containersHaveTheirOwnRules,
  oneContainerIsEssential,
  networkFitsItsMode,
  fargateTakesIt,
  constraintsHaveTheirValues,
  backOffGrows,
  trafficReachesAPort,
  deadlineOutlastsReadiness,
  maxHoldsMin,
  queuesAreFollowedOnce,
];

/** Whether a service asks for Fargate; when it names no capacity, the install decides and reconcile rounds the size up. */
export function isOnFargate({ placement }: Draft<ServiceSpec>): boolean {
  return placement?.capacity?.some((entry) => entry?.type === "fargate") ?? false;
}
