import type { ServiceManifest } from "../model/service.ts";
import { misshapen } from "./findings.ts";
import { isMap } from "./json.ts";
import { defaulted, type Fields, object, optional, required } from "./objects.ts";
import { flag, integer, oneOf, type Reader, text } from "./readers.ts";
import { kindWord, plannedKinds, replicaCount, serviceSchema } from "./service-schema.ts";
import { generationOrRevision, nameText } from "./words.ts";

/** What we read of a CloudEvent; its other attributes and extensions are for others. */
export interface EnvelopeFields {
  readonly specversion: "1.0";
  readonly type: string;
  readonly id?: string;
  readonly source?: string;
  /** Read once the type is known. */
  readonly data: object;
}

/** What any command may carry beside its content. */
export interface CommandFields {
  readonly ifGeneration?: number;
  readonly confirm: boolean;
}

/** How a command names a service that it does not describe. */
export interface Naming {
  readonly kind: "Service";
  readonly metadata: { readonly namespace: string; readonly name: string };
}

const anyMap: Reader<object> = {
  allowed: "a map",
  read: (value, place, findings) => (isMap(value) ? value : misshapen(findings, place, "a map", value)),
};

const attribute = text({ allowed: "text of 1 to 256 characters", most: 256 });

/** A CloudEvents 1.0 envelope; other attributes of the standard and extensions are allowed and ignored. */
export const envelopeSchema = object<EnvelopeFields>(
  {
    specversion: required(oneOf(["1.0"]), "the version of CloudEvents"),
    type: required(attribute, "what is asked for: dev.longshore.apply, …"),
    id: optional(attribute, "with source and sender: the command takes effect once; absent: the message's id counts"),
    source: optional(attribute, "who asks, in their own words"),
    data: required(anyMap, "the command's content"),
  },
  { open: true },
);

const commandFields: Fields<CommandFields> = {
  ifGeneration: optional(
    integer(0, Number.MAX_SAFE_INTEGER),
    "only if this is the service's generation; 0: only if there is none",
  ),
  confirm: defaulted(flag, false, "to take away more than half of 4 or more tasks is meant"),
};

const serviceName = object<Naming["metadata"]>({
  namespace: required(nameText, "whose it is"),
  name: required(nameText, "once in its namespace"),
});

const namingFields: Fields<Naming> = {
  kind: required(kindWord, "what it names"),
  metadata: required(serviceName, "which one it names"),
};

/** A manifest, with the command's own fields beside `apiVersion`. */
export const applySchema = object<ServiceManifest & CommandFields>({ ...serviceSchema.fields, ...commandFields });

/** How many tasks a service should have. */
export const scaleSchema = object<Naming & CommandFields & { readonly replicas: number }>({
  ...namingFields,
  replicas: required(replicaCount, "tasks wanted"),
  ...commandFields,
});

/** Which service is meant, and no more: of a delete, a restart and a cancel. */
export const bareSchema = object<Naming & CommandFields>({ ...namingFields, ...commandFields });

/** Where a service should go back to. */
export const rollbackSchema = object<Naming & CommandFields & { readonly to?: number | string }>({
  ...namingFields,
  to: optional(generationOrRevision, "what to go back to; absent: the revision before the present one"),
  ...commandFields,
});

/** What a pause or a resume may name; the word tells by which of the schemas below the rest is read. */
const pausableKind = oneOf(["Service", "Namespace", "Install"], (word) => plannedKinds.includes(word));

/** What of a service is held or goes on. */
export const pauseSchema = object<
  Pick<Naming, "metadata"> &
    CommandFields & { readonly kind: "Service" | "Namespace" | "Install"; readonly only?: "rollout" }
>({
  kind: required(pausableKind, "what it names"),
  metadata: required(serviceName, "which one it names"),
  only: optional(oneOf(["rollout"]), "hold the rollout, while healing and scaling go on; absent: everything"),
  ...commandFields,
});

/** Which namespace is held, or goes on. */
export const namespacePauseSchema = object<{
  readonly kind: "Namespace";
  readonly metadata: { readonly name: string };
}>({
  kind: required(oneOf(["Namespace"]), "what it names"),
  metadata: required(object({ name: required(nameText, "what it is called") }), "which one it names"),
});

/** That the whole install is held, or goes on. */
export const installPauseSchema = object<{ readonly kind: "Install" }>({
  kind: required(oneOf(["Install"]), "what it names"),
});
