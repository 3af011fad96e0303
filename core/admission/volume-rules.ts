import type { EfsVolume } from "../model/task-template.ts";
import { orList } from "../words/or-list.ts";
import { conflict, type Findings } from "./findings.ts";
import type { Draft } from "./objects.ts";
import { type Place, within } from "./place.ts";
import type { TaskRule } from "./task-rule.ts";

/** Volumes are named once, and an EFS file system can be mounted as is said. */
export const volumesHold: TaskRule = ({ volumes = [], taskRole }, place, findings) => {
  const names = volumes.map((volume) => volume?.name);
  for (const [index, volume] of volumes.entries()) {
    const here = within(place, "volumes", index);
    const name = volume?.name;
    if (name !== undefined && names.indexOf(name) < index) {
      conflict(findings, within(here, "name"), () => `name must stand once in volumes, but ${name} is there again`);
    }
    if (volume && "efs" in volume && volume.efs) efsCanBeMounted(volume.efs, taskRole, within(here, "efs"), findings);
  }
};

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html */
function efsCanBeMounted(
  { path, accessPoint, iam, transitEncryption }: Draft<EfsVolume>,
  taskRole: string | undefined,
  place: Place,
  findings: Findings,
): void {
  if (accessPoint !== undefined && path !== undefined && path !== "/") {
    conflict(findings, within(place, "path"), () => "path must be / or absent with accessPoint, which has its own");
  }
  const encrypted = [...(accessPoint === undefined ? [] : ["accessPoint"]), ...(iam === true ? ["iam"] : [])];
  if (transitEncryption === false && encrypted.length > 0) {
    conflict(
      findings,
      within(place, "transitEncryption"),
      () => `transitEncryption must be true with ${encrypted.join(" and ")}`,
    );
  }
  if (iam === true && taskRole === undefined) {
    conflict(findings, within(place, "iam"), () => "iam needs taskRole, which it is mounted as");
  }
}

/** What a container mounts is a volume of its task, and nothing else is at that path. */
export const mountsNameVolumes: TaskRule = ({ volumes = [], containers = [] }, place, findings) => {
  const names = volumes.map((volume) => volume?.name);
  for (const [index, container] of containers.entries()) {
    const paths = new Set<string>();
    for (const [at, mount] of (container?.mounts ?? []).entries()) {
      const here = within(place, "containers", index, "mounts", at);
      const { volume, path } = mount ?? {};
      if (volume !== undefined && !names.includes(volume) && !names.includes(undefined)) {
        const known = names.length === 0 ? "none in volumes" : orList(names.flatMap((name) => name ?? []));
        conflict(findings, within(here, "volume"), () => `${volume} is no volume of the task; there is ${known}`);
      }
      if (path === undefined) continue;
      const bare = path.replace(/\/+$/, "");
      if (paths.has(bare)) {
        conflict(findings, within(here, "path"), () => "path must stand once in its container, but is there again");
      }
      paths.add(bare);
    }
  }
};
