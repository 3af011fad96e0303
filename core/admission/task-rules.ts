import type { Container } from "../model/task-template.ts";
import { orList } from "../words/or-list.ts";
import { containerRules } from "./container-rules.ts";
import { dependenciesHold } from "./dependency-rules.ts";
import { conflict, type Findings } from "./findings.ts";
import { logsAreComplete } from "./log-rules.ts";
import { networkFitsItsMode, portsOfTheNodeAreFree } from "./network-rules.ts";
import type { Draft } from "./objects.ts";
import { type Place, within } from "./place.ts";
import { fitsIntoADefinition } from "./task-bytes.ts";
import type { TaskRule } from "./task-rule.ts";
import { mountsNameVolumes, volumesHold } from "./volume-rules.ts";

const containersHaveTheirOwnRules: TaskRule = ({ containers = [] }, place, findings) => {
  const names = containers.map((container) => container?.name);
  for (const [index, container] of containers.entries()) {
    const here = within(place, "containers", index);
    const { name } = container ?? {};
    if (name !== undefined && names.indexOf(name) < index) {
      conflict(findings, within(here, "name"), () => `name must stand once in its task, but ${name} is there again`);
    }
    for (const rule of containerRules) if (container) rule(container, here, findings);
  }
};

const oneContainerIsEssential: TaskRule = ({ containers = [] }, place, findings) => {
  if (containers.length === 0 || containers.some((container) => container?.essential !== false)) return;
  conflict(findings, within(place, "containers"), () => "at least one container must be essential, got none");
};

/** ECS Exec acts as the task role: RunTask refuses a task without one. */
const execHasARole: TaskRule = ({ exec, taskRole }, place, findings) => {
  if (exec !== true || taskRole !== undefined) return;
  conflict(findings, within(place, "exec"), () => "exec needs taskRole, which may do what ECS Exec does");
};

/** The SDK's type of `ephemeralStorage`; publicIp is refused by RunTask. */
const ec2TakesIt: TaskRule = ({ ephemeralStorageGib, network }, place, findings, capacity) => {
  if (capacity !== "ec2") return;
  if (ephemeralStorageGib !== undefined) {
    conflict(findings, within(place, "ephemeralStorageGib"), () => "ephemeralStorageGib needs fargate, got ec2");
  }
  if (network?.publicIp === true && network.mode === "awsvpc") {
    conflict(findings, within(place, "network", "publicIp"), () => "publicIp needs fargate, got ec2");
  }
};

const fargateLogDrivers = ["awslogs", "splunk"];
const fargateStopSeconds = 120;

/** The SDK's types of `networkMode`, `host.sourcePath`, `logDriver`, `resourceRequirements` and `stopTimeout`. */
const fargateTakesIt: TaskRule = ({ network, volumes = [], containers = [] }, place, findings, capacity) => {
  if (capacity !== "fargate") return;
  const mode = network?.mode;
  if (mode === "bridge" || mode === "host") {
    conflict(findings, within(place, "network", "mode"), () => `mode must be awsvpc on fargate, got ${mode}`);
  }
  for (const [index, volume] of volumes.entries()) {
    if (!volume || !("host" in volume)) continue;
    conflict(findings, within(place, "volumes", index, "host"), () => "host is not to be had on fargate; use efs");
  }
  for (const [index, container] of containers.entries()) {
    if (container) fargateTakesContainer(container, within(place, "containers", index), findings);
  }
};

function fargateTakesContainer(
  { gpu, logs, stopTimeoutSeconds = 0 }: Draft<Container>,
  place: Place,
  findings: Findings,
): void {
  if (gpu !== undefined) conflict(findings, within(place, "gpu"), () => "gpu is not to be had on fargate; use ec2");
  if (stopTimeoutSeconds > fargateStopSeconds) {
    conflict(
      findings,
      within(place, "stopTimeoutSeconds"),
      () => `stopTimeoutSeconds must be at most ${fargateStopSeconds} on fargate, got ${stopTimeoutSeconds}`,
    );
  }
  const driver = logs?.driver;
  if (driver === undefined || fargateLogDrivers.includes(driver)) return;
  conflict(
    findings,
    within(place, "logs", "driver"),
    () => `driver must be ${orList(fargateLogDrivers)} on fargate, got ${driver}`,
  );
}

/** In the order in which their issues are told. */
export const taskRules: readonly TaskRule[] = [
  containersHaveTheirOwnRules,
  oneContainerIsEssential,
  dependenciesHold,
  execHasARole,
  networkFitsItsMode,
  portsOfTheNodeAreFree,
  volumesHold,
  mountsNameVolumes,
  logsAreComplete,
  ec2TakesIt,
  fargateTakesIt,
  fitsIntoADefinition,
];
