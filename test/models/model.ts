import { readFileSync } from "node:fs";
import type { ServiceName } from "./operations.ts";

/** What values of a shape have to be like, in botocore's own words. */
export interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly union?: boolean;
  /** Of a structure: the shape of each member by its name; of a list; of a map. */
  readonly members?: Readonly<Record<string, string>>;
  readonly member?: string;
  readonly key?: string;
  readonly value?: string;
}

/** One operation: its shapes by name, and the shape of each error by its code. */
export interface Operation {
  readonly input?: string;
  readonly output?: string;
  readonly errors: Readonly<Record<string, string>>;
}

/** What is kept of a service's model. */
export interface Model {
  readonly source: Readonly<Record<string, string>>;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

const read = new Map<ServiceName, Model>();

/** The model of a service, read when it is first asked for. */
export function modelOf(service: ServiceName): Model {
  const known = read.get(service);
  if (known) return known;
  const model = JSON.parse(readFileSync(new URL(`services/${service}.json`, import.meta.url), "utf8")) as Model;
  read.set(service, model);
  return model;
}

/** The shape of that name. @throws Error when the model has none: it was not generated whole */
export function shapeOf(model: Model, name: string): Shape {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`the model of ${model.source.of} has no shape ${name}`);
  return shape;
}
