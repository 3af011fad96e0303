import fc from "fast-check";
import { expect, test } from "vitest";
import { registerInput } from "../../../aws/task-definition.ts";
import { admitManifest } from "../../../core/admission/index.ts";
import { revisionContent } from "../../../core/model/revision.ts";
import { issuesWith } from "../../support/issues.ts";
import { aManifestWith } from "../../support/manifests.ts";
import { aSettings, aSpec } from "../../support/service.ts";

const container = "spec.task.containers[0]";
const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s";

/** The container of the minimal manifest, defaults and all. */
const plainContainer = {
  name: "app",
  image: "shop/web:1",
  entryPoint: [],
  command: [],
  cpuUnits: 256,
  memoryMib: 512,
  essential: true,
  ports: [{ name: "http", containerPort: 80, protocol: "tcp" }],
};

/** So many variables of so many characters each. */
const variables = (count: number, length: number, first = "v") =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${first}${index}`, "x".repeat(length)]));

/** Bytes that the refusal of a manifest speaks of. */
function bytesOf(changes: Record<string, unknown>): number {
  const [issue = ""] = issuesWith(changes);
  return Number(/got (\d+); move/.exec(issue)?.[1]);
}

test("a task that is too large for a definition is refused, and says by how much", () => {
  const most = 57_344;
  const large = { [`${container}.environment`]: { ...variables(20, 4000), last: "" } };
  const bytes = bytesOf(large);
  // As JSON, and 27 for each of the 21 variables.
  const task = {
    architecture: "x86_64",
    containers: [
      { ...plainContainer, environment: { ...variables(20, 4000), last: "" }, secrets: {}, stopTimeoutSeconds: 30 },
    ],
  };
  expect(bytes).toBe(JSON.stringify(task).length + 21 * 27);
  expect(issuesWith(large)).toEqual([
    `spec.task.containers: a task's containers must have at most 57344 bytes as JSON, got ${bytes}; move variables to environmentFrom`,
  ]);
  const over = variables(13, 4000);
  const left =
    most - (bytesOf({ [`${container}.environment`]: { ...over, a: "x".repeat(4000), b: "x".repeat(4000) } }) - 8000);
  const exact = (extra: number) => ({
    ...over,
    a: "x".repeat(Math.min(4000, left + extra)),
    b: "x".repeat(Math.max(0, left + extra - 4000)),
  });
  expect(issuesWith({ [`${container}.environment`]: exact(0) })).toEqual([]);
  expect(bytesOf({ [`${container}.environment`]: exact(1) })).toBe(most + 1);
});

test("variables, secrets and secret options count as the pairs that they become", () => {
  const filler = { [`${container}.environment`]: variables(20, 4000) };
  const before = bytesOf(filler);
  expect(bytesOf({ ...filler, [`${container}.environment`]: { ...variables(20, 4000), a: "" } })).toBe(
    before + `"a":"",`.length + 27,
  );
  expect(bytesOf({ ...filler, [`${container}.secrets`]: { a: secret } })).toBe(before + `"a":"${secret}"`.length + 27);
  const logs = { driver: "gelf", options: {} };
  const withLogs = bytesOf({ ...filler, [`${container}.logs`]: { ...logs, secretOptions: {} } });
  expect(bytesOf({ ...filler, [`${container}.logs`]: { ...logs, secretOptions: { a: secret } } })).toBe(
    withLogs + `"a":"${secret}"`.length + 27,
  );
});

test("characters of several bytes count as they are sent", () => {
  const changes = (text: string) => ({ [`${container}.environment`]: { ...variables(20, 4000), a: text } });
  expect(bytesOf(changes("é"))).toBe(bytesOf(changes("e")) + 1);
});

test("property: what is admitted fits into ECS's 64 KiB, with all that Longshore adds", () => {
  const settings = aSettings();
  const install = {
    ...settings,
    defaults: { ...settings.defaults, executionRole: `arn:${"r".repeat(600)}`, logGroup: "g".repeat(512) },
  };
  let admitted = 0;
  const task = fc.record({
    containers: fc.integer({ min: 1, max: 10 }),
    count: fc.integer({ min: 0, max: 50 }),
    length: fc.integer({ min: 0, max: 1000 }),
    secrets: fc.integer({ min: 0, max: 40 }),
    mounts: fc.integer({ min: 0, max: 20 }),
    ports: fc.integer({ min: 0, max: 100 }),
  });
  fc.assert(
    fc.property(task, ({ containers, count, length, secrets, mounts, ports }) => {
      const admission = admitManifest(
        aManifestWith({
          "spec.task.volumes": [{ name: "data", ephemeral: {} }],
          "spec.task.containers": Array.from({ length: containers }, (_, index) => ({
            name: `c${index}`,
            image: "i",
            cpuUnits: 1,
            memoryMib: 6,
            environment: variables(count, length),
            secrets: Object.fromEntries(Array.from({ length: secrets }, (_, at) => [`s${at}`, secret])),
            mounts: Array.from({ length: mounts }, (_, at) => ({ volume: "data", path: `/d${at}` })),
            ports: Array.from({ length: ports }, (_, at) => ({ name: `p${at}`, containerPort: at + 1 })),
          })),
        }),
      );
      if (!admission.ok) return;
      admitted++;
      const { task, network, capacity } = revisionContent({ ...aSpec(), manifest: admission.manifest }, install);
      const tags = { "longshore:namespace": "n".repeat(63), "longshore:service": "s".repeat(63) };
      const input = registerInput({ family: "f".repeat(255), task, network, capacity, tags });
      expect(Buffer.byteLength(JSON.stringify(input))).toBeLessThanOrEqual(65_536);
    }),
    { numRuns: 150 },
  );
  expect(admitted).toBeGreaterThan(10);
});
