/** What people write: plain data, as parsed from JSON or YAML. */
export type Plain = Record<string, unknown>;

/** The smallest manifest that is admitted, with one port. */
export function aPlainManifest(): Plain {
  return {
    apiVersion: "longshore.dev/v1",
    kind: "Service",
    metadata: { namespace: "shop", name: "web" },
    spec: {
      task: {
        containers: [
          {
            name: "app",
            image: "shop/web:1",
            cpuUnits: 256,
            memoryMib: 512,
            ports: [{ name: "http", containerPort: 80 }],
          },
        ],
      },
    },
  };
}

/**
 * Sets the value at each path of a document, such as `spec.task.containers[0].image`; undefined removes it. Maps and lists on the way are made.
 */
export function changed(document: Plain, changes: Readonly<Record<string, unknown>>): Plain {
  let copy: unknown = document;
  for (const [path, value] of Object.entries(changes)) copy = withValue(copy, path.match(/[^.[\]]+/g) ?? [], value);
  return copy as Plain;
}

/** The minimal manifest with changes. */
export function aManifestWith(changes: Readonly<Record<string, unknown>>): Plain {
  return changed(aPlainManifest(), changes);
}

/** The text of a command around some content, and its size. */
export function aCommandText(type: string, data: unknown, envelope: Plain = {}): [text: string, sizeBytes: number] {
  const event = { specversion: "1.0", id: "01J", source: "ci/shop", type: `dev.longshore.${type}`, data, ...envelope };
  const text = JSON.stringify(event);
  return [text, Buffer.byteLength(text)];
}

/** A copy along the path, so that what tests share is never changed. */
function withValue(at: unknown, [key = "", ...keys]: readonly string[], value: unknown): unknown {
  const copy: Plain | unknown[] =
    Array.isArray(at) || (!at && /^[0-9]+$/.test(key))
      ? [...((at as unknown[] | undefined) ?? [])]
      : { ...(at as Plain) };
  const inner = (copy as Plain)[key];
  const changedValue = keys.length === 0 ? value : withValue(inner, keys, value);
  if (changedValue === undefined) delete (copy as Plain)[key];
  else (copy as Plain)[key] = changedValue;
  return copy;
}
