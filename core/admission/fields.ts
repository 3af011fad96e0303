import type { Manifest } from "./any-manifest.ts";
import { installSchema, namespaceSchema } from "./grants-schema.ts";
import type { Json } from "./json.ts";
import type { Field } from "./objects.ts";
import type { Reader } from "./readers.ts";
import { serviceSchema } from "./service-schema.ts";

/** One field of a manifest, as documentation shows it. */
export interface FieldDescription {
  /** Such as `spec.task.containers[].image`. */
  readonly path: string;
  readonly meaning: string;
  /** As the end of a sentence that begins with "must be"; lists of maps and maps have their own rows. */
  readonly allowed: string;
  readonly absent: "required" | "optional" | { readonly default: Json };
}

interface Nested extends Reader<unknown> {
  readonly fields?: Readonly<Record<string, Field<unknown>>>;
  readonly planned?: readonly string[];
  readonly item?: Nested;
}

/** Every field of a service's manifest, each before the fields within it. */
export const manifestFields: readonly FieldDescription[] = describe(serviceSchema, "");

/** Those of it that are planned, and refused by name until built. */
export const plannedFields: readonly string[] = planned(serviceSchema, "");

/** The same of the manifests that say who may do what. */
export const scopeFields: readonly {
  readonly kind: Manifest["kind"];
  readonly fields: readonly FieldDescription[];
  readonly planned: readonly string[];
}[] = [
  { kind: "Namespace", fields: describe(namespaceSchema, ""), planned: planned(namespaceSchema, "") },
  { kind: "Install", fields: describe(installSchema, ""), planned: planned(installSchema, "") },
];

function describe(reader: Nested, path: string): readonly FieldDescription[] {
  if (reader.item) return describe(reader.item, `${path}[]`);
  return Object.entries(reader.fields ?? {}).flatMap(([name, { reader: inner, meaning, absent }]) => {
    const here = path === "" ? name : `${path}.${name}`;
    const whenAbsent = absent.kind === "default" ? { default: absent.value } : absent.kind;
    return [{ path: here, meaning, allowed: inner.allowed, absent: whenAbsent }, ...describe(inner, here)];
  });
}

function planned(reader: Nested, path: string): readonly string[] {
  if (reader.item) return planned(reader.item, `${path}[]`);
  const before = path === "" ? "" : `${path}.`;
  const here = (reader.planned ?? []).map((name) => before + name);
  const within = Object.entries(reader.fields ?? {}).flatMap(([name, field]) => planned(field.reader, before + name));
  return [...here, ...within];
}
