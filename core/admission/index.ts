/** Untrusted input → a valid command, or every issue found in it. */
export { type AnyAdmission, admitAnyManifest, type Manifest, type ScopeManifest, scopeOf } from "./any-manifest.ts";
export {
  type Admission,
  admitCommand,
  type Command,
  type ScopeCommand,
  type ServiceCommand,
} from "./command.ts";
export { manifestFields, plannedFields, scopeFields } from "./fields.ts";
export { maxCommandBytes, maxFileBytes } from "./limits.ts";
export { admitManifest } from "./manifest.ts";
