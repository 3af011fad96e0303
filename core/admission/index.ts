/** Untrusted input → a valid command, or every issue found in it. */
export { type Admission, admitCommand, type Command } from "./command.ts";
export { fargateSizeFor, fargateSizes, type TaskSize } from "./fargate.ts";
export { type FieldDescription, manifestFields, plannedFields } from "./fields.ts";
export { maxCommandBytes, maxFileBytes } from "./limits.ts";
export { admitManifest, type ManifestAdmission } from "./manifest.ts";
