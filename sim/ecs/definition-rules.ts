import { clientError } from "./errors.ts";
import { parseExpression } from "./expression.ts";
import { isFargateSize } from "./fargate-sizes.ts";
import type { ContainerInput, RegisterInput } from "./inputs.ts";

/** One thing that RegisterTaskDefinition refuses; the message says what. */
type Rule<T> = (subject: T, definition: RegisterInput) => string | undefined;

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
  (definition) => {
    const bytes = Buffer.byteLength(JSON.stringify(definition));
    return bytes > 65_536 ? `a task definition may have 65536 bytes, got ${bytes}` : undefined;
  },
];

const containerRules: readonly Rule<ContainerInput>[] = [
  ({ name }) => (/^[A-Za-z0-9_-]{1,255}$/.test(name) ? undefined : `Invalid container name: ${name}`),
  ({ image }) => (image === "" ? "Container.image should not be null or empty." : undefined),
  ({ name, memory, memoryReservation }, definition) =>
    memory === undefined && memoryReservation === undefined && definition.memory === undefined
      ? `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`
      : undefined,
  ({ name, memory, memoryReservation }) =>
    memory !== undefined && memoryReservation !== undefined && memoryReservation > memory
      ? `Invalid setting for container '${name}'. 'memory' must be at least 'memoryReservation'.`
      : undefined,
  (container) => {
    const counts = (["cpu", "memory", "memoryReservation"] as const).map(
      (member) => [member, container[member]] as const,
    );
    const bad = counts.find(([, value]) => value !== undefined && value < 0);
    return bad && `${bad[0]} of container ${container.name} must be 0 or more, got ${bad[1]}`;
  },
  ({ portMappings = [] }, { networkMode }) => {
    const fixed = networkMode === "awsvpc" || networkMode === "host";
    const wrong = portMappings.find(({ containerPort, hostPort }) => fixed && hostPort && hostPort !== containerPort);
    return wrong && `When networkMode=${networkMode}, the host ports and container ports in port mappings must match.`;
  },
  ({ portMappings = [] }) => {
    const ports = portMappings.flatMap(({ containerPort, hostPort }) => [containerPort, hostPort ?? 0]);
    const wrong = ports.find((port, index) => port < (index % 2 === 0 ? 1 : 0) || port > 65_535);
    return wrong === undefined ? undefined : `a port must be 1 to 65535, got ${wrong}`;
  },
  ({ stopTimeout = 0 }, definition) =>
    stopTimeout < 0 || (isForFargate(definition) && stopTimeout > 120)
      ? `stopTimeout must be 0 to 120, got ${stopTimeout}`
      : undefined,
  ({ healthCheck }) => (healthCheck ? outOfRange(healthCheck) : undefined),
];

/** Throws ClientException with the first rule that a task definition breaks. */
export function checkDefinition(definition: RegisterInput): void {
  for (const rule of familyRules) refuse(rule(definition, definition));
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

/** Whether a task definition asks for Fargate. */
export function isForFargate(definition: RegisterInput): boolean {
  return definition.requiresCompatibilities?.includes("FARGATE") === true;
}

/** ECS's default. */
export function isEssential(container: ContainerInput): boolean {
  return container.essential ?? true;
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

const checkRanges = { interval: [5, 300], timeout: [2, 60], retries: [1, 10], startPeriod: [0, 300] } as const;

function outOfRange(check: NonNullable<ContainerInput["healthCheck"]>): string | undefined {
  if (check.command.length === 0) return "a health check needs a command";
  for (const [member, [from, to]] of Object.entries(checkRanges)) {
    const value = check[member];
    if (typeof value === "number" && (value < from || value > to)) {
      return `${member} of a health check must be ${from} to ${to}, got ${value}`;
    }
  }
  return undefined;
}
