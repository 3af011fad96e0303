import { escaped } from "../words/escaped.ts";

/** Where a value stands in its document, as a chain up to the root: a path costs nothing until an issue is found there. */
export interface Place {
  readonly parent?: Place;
  /** Key in a map, index in a list; absent at the root. */
  readonly key?: string | number;
  /** At the root of an envelope: the key that paths leave out, so that a command's paths are those of its manifest. */
  readonly transparent?: string;
}

/** The root of a manifest. */
export const documentRoot: Place = {};

/** The root of a CloudEvent: what its `data` holds is named as if it stood alone. */
export const envelopeRoot: Place = { transparent: "data" };

const maxSegments = 40;
const plainKey = /^[A-Za-z0-9_-]{1,63}$/;

/** The place of what a map holds under a key, or a list at an index. */
export function child(parent: Place, key: string | number): Place {
  return { parent, key };
}

/** The place of what lies deeper, by its keys from the outside in. */
export function within(parent: Place, ...keys: readonly (string | number)[]): Place {
  return keys.reduce(child, parent);
}

/** A place as people read it: `spec.task.containers[0].image`. Keys that are not plain words are quoted, escaped and shortened. */
export function pathOf(place: Place): string {
  const keys: (string | number)[] = [];
  let at = place;
  while (at.parent && at.key !== undefined && keys.length < maxSegments) {
    keys.unshift(at.key);
    at = at.parent;
  }
  if (keys.length > 1 && at.transparent !== undefined && keys[0] === at.transparent) keys.shift();
  return (at.parent ? "…" : "") + keys.map(segment).join("").replace(/^\./, "");
}

/** The last part of a path, as messages begin with it: `image`, `command[2]`. */
export function nameOf(place: Place): string {
  if (place.key === undefined) return "the document";
  if (typeof place.key === "number") return `${place.parent ? nameOf(place.parent) : ""}[${place.key}]`;
  return plainKey.test(place.key) ? place.key : `"${escaped(place.key)}"`;
}

function segment(key: string | number): string {
  if (typeof key === "number") return `[${key}]`;
  return plainKey.test(key) ? `.${key}` : `["${escaped(key)}"]`;
}
