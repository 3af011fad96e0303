import type { ServiceManifest } from "../model/service.ts";
import { misshapen } from "./findings.ts";
import { isMap } from "./json.ts";
import { defaulted, type Fields, object, optional, required } from "./objects.ts";
import { flag, integer, oneOf, type Reader, text } from "./readers.ts";
import { kindWord, replicaCount, serviceSchema } from "./service-schema.ts";
import { nameText } from "./words.ts";

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
  confirm: defaulted(flag, false, "a large reduction is meant"),
};

const namingFields: Fields<Naming> = {
  kind: required(kindWord, "what it names"),
  metadata: required(
    object<Naming["metadata"]>({
      namespace: required(nameText, "whose it is"),
      name: required(nameText, "once in its namespace"),
    }),
    "which one it names",
  ),
};

/** A manifest, with the command's own fields beside `apiVersion`. */
export const applySchema = object<ServiceManifest & CommandFields>({ ...serviceSchema.fields, ...commandFields });

/** How many tasks a service should have. */
export const scaleSchema = object<Naming & CommandFields & { readonly replicas: number }>({
  ...namingFields,
  replicas: required(replicaCount, "tasks wanted"),
  ...commandFields,
});

/** Which service should go. */
export const deleteSchema = object<Naming & CommandFields>({ ...namingFields, ...commandFields });
