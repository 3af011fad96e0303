import type { EfsVolume, HostVolume, Volume } from "../model/task-template.ts";
import { report } from "./findings.ts";
import { isMap } from "./json.ts";
import { type Draft, defaulted, type Fields, object, optional, required } from "./objects.ts";
import { flag, type Reader } from "./readers.ts";
import { absolutePath, accessPointId, fileSystemId, folderPath, nameText } from "./words.ts";

const efs = object<EfsVolume>({
  fileSystem: required(fileSystemId, "the file system"),
  path: optional(absolutePath, "folder of it that is mounted; absent: its root, or the access point's"),
  accessPoint: optional(accessPointId, "the access point that it is mounted through"),
  iam: defaulted(flag, false, "it is mounted as taskRole"),
  transitEncryption: defaulted(flag, true, "what goes to the file system and back is encrypted"),
});

const host = object<HostVolume>({ path: required(folderPath, "a folder of the node") });

const kinds = ["efs", "host", "ephemeral"] as const;

interface AnyVolume {
  readonly name: string;
  readonly efs?: EfsVolume;
  readonly host?: HostVolume;
  readonly ephemeral?: Record<never, never>;
}

const fields: Fields<AnyVolume> = {
  name: required(nameText, "once in its task"),
  efs: optional(efs, "a folder of an EFS file system; one of efs, host and ephemeral"),
  host: optional(host, "a folder of the node; not on fargate"),
  ephemeral: optional(object({}), "an empty folder that goes with the task, as {}"),
};

// An EBS volume is made by the call that starts a task, not by its definition.
const volumeFields = object<AnyVolume>(fields, { planned: ["ebs"] });

/** A volume of a task: its name, and one of its kinds. */
export const volumeSchema: Reader<Draft<Volume>> = {
  ...volumeFields,
  read(value, place, findings) {
    const draft = volumeFields.read(value, place, findings);
    const given = isMap(value) ? kinds.filter((kind) => Object.hasOwn(value, kind)) : kinds;
    const isPlanned = isMap(value) && Object.hasOwn(value, "ebs");
    if (given.length === 1 || isPlanned || draft === undefined) return draft as Draft<Volume> | undefined;
    const got = given.length === 0 ? "none" : given.join(" and ");
    return report(findings, place, "conflict", () => `a volume must have efs, host or ephemeral, got ${got}`);
  },
};
