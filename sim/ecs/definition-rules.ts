import { containerRules } from "./container-rules.ts";
import { isEssential, isForFargate, type Rule } from "./definition-nouns.ts";
import { clientError } from "./errors.ts";
import { parseExpression } from "./expression.ts";
import { isFargateSize } from "./fargate-sizes.ts";
import type { RegisterInput } from "./inputs.ts";
import { volumeRules } from "./volume-rules.ts";

const leastStorageGib = 21;

const familyRules: readonly Rule<RegisterInput>[] = [
  ({ family }) => (family === "" ? "Family should not be null or empty." : undefined),
  ({ family }) => (/^[A-Za-z0-9_-]{0,255}$/.test(family) ? undefined : `Family contains invalid characters: ${family}`),
  ({ containerDefinitions: { length } }) =>
    length < 1 || length > 10 ? `a task definition must have 1 to 10 containers, got ${length}` : undefined,
  ({ containerDefinitions }) =>
    new Set(containerDefinitions.map(({ name }) => name)).size < containerDefinitions.length
      ? "Container names should be unique within a task definition."
      : undefined,
  ({ containerDefinitions }) =>
    containerDefinitions.some(isEssential)
      ? undefined
      : "A task definition must have at least one essential container.",
  (definition) => sizeOf(definition, "cpu", 128, 196_608),
  (definition) => sizeOf(definition, "memory", 4, Number.MAX_SAFE_INTEGER),
  (definition) => (isForFargate(definition) ? fargate(definition) : undefined),
  (definition) => overcommitted(definition, "cpu"),
  (definition) => overcommitted(definition, "memory"),
  ({ ephemeralStorage }, definition) =>
    ephemeralStorage && !isForFargate(definition) ? "Only Fargate supports ephemeralStorage." : undefined,
  ({ ephemeralStorage: { sizeInGiB } = { sizeInGiB: leastStorageGib } }) =>
    sizeInGiB < leastStorageGib || sizeInGiB > 200
      ? `EphemeralStorage size should be at least ${leastStorageGib} and at most 200, got ${sizeInGiB}`
      : undefined,
  portMappedTwice,
  (definition) => {
    const bytes = Buffer.byteLength(JSON.stringify(definition));
    return bytes > 65_536 ? `a task definition may have 65536 bytes, got ${bytes}` : undefined;
  },
];

/** Throws ClientException with the first rule that a task definition breaks. */
export function checkDefinition(definition: RegisterInput): void {
  for (const rule of familyRules) refuse(rule(definition, definition));
  for (const volume of definition.volumes ?? []) {
    for (const rule of volumeRules) refuse(rule(volume, definition));
  }
  for (const container of definition.containerDefinitions) {
    for (const rule of containerRules) refuse(rule(container, definition));
  }
  const constraints = definition.placementConstraints ?? [];
  if (constraints.length > 10) refuse(`a task definition may have 10 placement constraints, got ${constraints.length}`);
  for (const { type, expression } of constraints) {
    if (type !== "memberOf") refuse(`constraint.type '${type}' is not supported.`);
    parseExpression(expression ?? "");
  }
}

function refuse(message: string | undefined): void {
  if (message !== undefined) throw clientError(message);
}

function sizeOf(definition: RegisterInput, member: "cpu" | "memory", from: number, to: number): string | undefined {
  const value = definition[member];
  if (value === undefined) return undefined;
  const amount = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  return amount >= from && amount <= to ? undefined : `Invalid '${member}' setting for task: ${value}`;
}

function fargate(definition: RegisterInput): string | undefined {
  if (definition.networkMode !== "awsvpc") return "Fargate only supports network mode 'awsvpc'.";
  const { cpu, memory, placementConstraints = [] } = definition;
  if (cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level.";
  if (memory === undefined) return "Fargate requires that 'memory' be defined at the task level.";
  if (placementConstraints.length > 0) return "Fargate supports no placement constraints.";
  if (isFargateSize(Number(cpu), Number(memory))) return undefined;
  return `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory.`;
}

/** The containers of a task share what it has as a whole. */
function overcommitted(definition: RegisterInput, member: "cpu" | "memory"): string | undefined {
  const whole = definition[member];
  const sum = definition.containerDefinitions.reduce((total, container) => total + (container[member] ?? 0), 0);
  return whole === undefined || sum <= Number(whole)
    ? undefined
    : `Invalid '${member}' setting for task: its containers need ${sum}, got ${whole}`;
}

/** With an interface of its own a task has each port once, as a host has; a bridge gives any that is free. */
function portMappedTwice({ containerDefinitions, networkMode }: RegisterInput): string | undefined {
  const isFixed = networkMode === "awsvpc" || networkMode === "host";
  const ports = containerDefinitions.flatMap(({ portMappings = [] }) =>
    portMappings.flatMap(({ containerPort, hostPort, protocol = "tcp" }) => {
      const port = hostPort || (isFixed ? containerPort : undefined);
      return port === undefined ? [] : [`${protocol.toUpperCase()} host port '${port}'`];
    }),
  );
  const twice = ports.find((port, index) => ports.indexOf(port) < index);
  return twice && `${twice} is mapped multiple times in task.`;
}
