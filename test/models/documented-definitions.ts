import { type Input, type Limit, objects, within } from "./documented-limit.ts";

const ecs = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference";
const quotas = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html";
const sizes = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html";
const container = `${ecs}/API_ContainerDefinition.html`;

/** MiB that each size of CPU may have on Fargate: from, to, by. */
const fargateMemory: Readonly<Record<string, readonly [number, number, number]>> = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
};

const isFargate = ({ requiresCompatibilities }: Input) =>
  Array.isArray(requiresCompatibilities) && requiresCompatibilities.includes("FARGATE");

/** The first complaint about any container. */
function each(check: (container: Input, definition: Input) => string | undefined): Limit["check"] {
  return (definition) =>
    objects(definition.containerDefinitions)
      .map((its) => check(its, definition))
      .find((complaint) => complaint !== undefined);
}

/** A limit of RegisterTaskDefinition. */
const limit = (path: string, source: string, check: Limit["check"]): Limit => ({
  of: ["RegisterTaskDefinition"],
  path,
  source,
  check,
});

/** A limit of one of the numbers of a container's health check. */
const health = (name: string, least: number, most: number): Limit =>
  limit(
    `containerDefinitions[].healthCheck.${name}`,
    `${ecs}/API_HealthCheck.html`,
    each(({ healthCheck }) =>
      objects(healthCheck)
        .map((its) => within(its[name], least, most))
        .at(0),
    ),
  );

/** What AWS documents of task definitions. */
export const definitionLimits: readonly Limit[] = [
  limit("family", `${ecs}/API_RegisterTaskDefinition.html`, ({ family }) =>
    /^[A-Za-z0-9_-]{1,255}$/.test(String(family)) ? undefined : "must be 1 to 255 of A-Z, a-z, 0-9, - and _",
  ),
  limit("containerDefinitions", quotas, ({ containerDefinitions }) =>
    within(objects(containerDefinitions).length, 1, 10),
  ),
  limit("", quotas, (definition) => within(Buffer.byteLength(JSON.stringify(definition)), 0, 65_536)),
  limit(
    "containerDefinitions[].name",
    container,
    each(({ name = "" }) =>
      /^[A-Za-z0-9_-]{1,255}$/.test(String(name)) ? undefined : "must be 1 to 255 of A-Z, a-z, 0-9, - and _",
    ),
  ),
  limit(
    "containerDefinitions[].image",
    container,
    each(({ image = "" }) => within(String(image).length, 1, 255)),
  ),
  limit(
    "containerDefinitions[].memory",
    container,
    each(({ memory, memoryReservation }, definition) =>
      memory === undefined && memoryReservation === undefined && definition.memory === undefined
        ? "must be given, or memoryReservation, or the task's memory"
        : undefined,
    ),
  ),
  limit(
    "containerDefinitions[].memoryReservation",
    container,
    each(({ memory = Infinity, memoryReservation = 0 }) =>
      Number(memoryReservation) > Number(memory) ? "must not be more than memory" : undefined,
    ),
  ),
  limit(
    "containerDefinitions[].stopTimeout",
    container,
    each(({ stopTimeout }, definition) => within(stopTimeout, 0, isFargate(definition) ? 120 : Infinity)),
  ),
  limit(
    "containerDefinitions[].portMappings",
    `${ecs}/API_PortMapping.html`,
    each(({ portMappings }, { networkMode }) =>
      networkMode !== "bridge" &&
      objects(portMappings).some(({ containerPort, hostPort = containerPort }) => hostPort !== containerPort)
        ? `must have equal host and container ports in network mode ${networkMode}`
        : undefined,
    ),
  ),
  limit(
    "containerDefinitions[].environmentFiles",
    `${ecs}/API_EnvironmentFile.html`,
    each(({ environmentFiles }) => within(objects(environmentFiles).length, 0, 10)),
  ),
  health("interval", 5, 300),
  health("timeout", 2, 60),
  health("retries", 1, 10),
  health("startPeriod", 0, 300),
  limit("cpu", `${ecs}/API_RegisterTaskDefinition.html`, (definition) =>
    isFargate(definition) ? fargateSize(definition) : within(definition.cpu, 128, 196_608),
  ),
  limit("networkMode", sizes, (definition) =>
    isFargate(definition) && definition.networkMode !== "awsvpc" ? "must be awsvpc on Fargate" : undefined,
  ),
  limit("ephemeralStorage.sizeInGiB", `${ecs}/API_EphemeralStorage.html`, ({ ephemeralStorage }) =>
    objects(ephemeralStorage)
      .map(({ sizeInGiB }) => within(sizeInGiB, 20, 200))
      .at(0),
  ),
  limit("placementConstraints", `${ecs}/API_RegisterTaskDefinition.html`, ({ placementConstraints }) =>
    within(objects(placementConstraints).length, 0, 10),
  ),
];

function fargateSize({ cpu, memory }: Input): string | undefined {
  const mib = Number(memory);
  const [least, most, step] = fargateMemory[String(cpu)] ?? [0, 0, 0];
  const fits =
    String(cpu) === "256" ? [512, 1024, 2048].includes(mib) : mib >= least && mib <= most && mib % step === 0;
  return fits ? undefined : `must be a size that Fargate has, got ${cpu} CPU units and ${memory} MiB`;
}
