import { isForFargate, type Rule } from "./definition-nouns.ts";
import type { ContainerInput, VolumeInput } from "./inputs.ts";

type Efs = NonNullable<VolumeInput["efsVolumeConfiguration"]>;

/** What a volume is refused for. */
export const volumeRules: readonly Rule<VolumeInput>[] = [
  ({ name = "" }) => (/^[A-Za-z0-9_-]{1,255}$/.test(name) ? undefined : `Invalid volume name: ${name}`),
  ({ name }, { volumes = [] }) =>
    volumes.filter((other) => other.name === name).length > 1
      ? `Volume names should be unique within a task definition, but ${name} is there twice.`
      : undefined,
  ({ name, host, efsVolumeConfiguration }) =>
    host && efsVolumeConfiguration ? `Volume ${name} has more than one configuration.` : undefined,
  ({ host }) => (host?.sourcePath === "" ? "host.sourcePath should not be blank." : undefined),
  ({ host }, definition) =>
    host?.sourcePath !== undefined && isForFargate(definition)
      ? "Fargate compatible task definitions do not support sourcePath"
      : undefined,
  ({ efsVolumeConfiguration: efs }) => (efs ? efsProblem(efs) : undefined),
];

function efsProblem({
  rootDirectory = "/",
  transitEncryption,
  authorizationConfig: { accessPointId, iam } = {},
}: Efs): string | undefined {
  if (accessPointId !== undefined && rootDirectory !== "/") {
    return 'When using an EFS access point, the root directory must either be set to "/" or be omitted';
  }
  const isAuthorized = accessPointId !== undefined || iam === "ENABLED";
  return isAuthorized && transitEncryption !== "ENABLED"
    ? "EFS transit encryption must be ENABLED when an access point or IAM authorization is used."
    : undefined;
}

/** What a container's mounts are refused for. */
export const mountRules: readonly Rule<ContainerInput>[] = [
  ({ mountPoints = [] }, { volumes = [] }) => {
    const names = volumes.map(({ name }) => name);
    const unknown = mountPoints.find(({ sourceVolume }) => !names.includes(sourceVolume));
    return unknown && `Unknown volume '${unknown.sourceVolume ?? "null"}'.`;
  },
  ({ name, mountPoints = [] }) =>
    mountPoints.some(({ containerPath = "" }) => containerPath === "")
      ? `containerPath of a mount point of container ${name} should not be blank.`
      : undefined,
];
