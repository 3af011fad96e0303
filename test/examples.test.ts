import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { type Admission, type AnyAdmission, admitAnyManifest, admitCommand } from "../core/admission/index.ts";
import type { Issue } from "../core/model/issue.ts";
import { type CommandType, cloudEvent } from "../examples/demo/commands.ts";
import { web, webManifest } from "../examples/demo/web.ts";
import { worker, workerManifest } from "../examples/demo/worker.ts";
import { readmeEvent } from "./support/readme.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Every document of every manifest among the examples; JSON is YAML. */
const manifests = globSync("examples/**/*.{yaml,yml,json}", { cwd: root }).flatMap((file) =>
  parseAllDocuments(readFileSync(root + file, "utf8")).map((document, index) => ({
    name: `${file}, document ${index + 1}`,
    manifest: document.toJS({ maxAliasCount: 0 }) as unknown,
  })),
);

test("there are examples", () => expect(manifests.length).toBeGreaterThan(0));

test.for(manifests)("$name is admitted", ({ manifest }) => {
  expect(issuesIn(admitAnyManifest(manifest))).toEqual([]);
});

const queue = { url: "http://127.0.0.1:4566/000000000000/orders", arn: "arn:aws:sqs:us-east-1:000000000000:orders" };
const targetGroup = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/0123456789abcdef";

test.for([
  { name: "the README shows", text: readmeEvent() },
  {
    name: "the demonstration deploys with",
    text: eventText("apply", webManifest(targetGroup, { version: "v1", replicas: 3 })),
  },
  {
    name: "the demonstration breaks with",
    text: eventText("apply", webManifest(targetGroup, { version: "v3", replicas: 4, healthStatus: 500 })),
  },
  {
    name: "the demonstration follows a queue with",
    text: eventText("apply", workerManifest(queue, "http://127.0.0.1:4566")),
  },
  { name: "the demonstration scales with", text: eventText("scale", { ...web, replicas: 2 }) },
  { name: "the demonstration deletes with", text: eventText("delete", worker) },
])("the event that $name is admitted", ({ text }) => {
  expect(issuesIn(admitCommand(text, Buffer.byteLength(text)))).toEqual([]);
});

function issuesIn(admission: Admission | AnyAdmission): readonly Issue[] {
  return admission.ok ? [] : admission.issues;
}

function eventText(type: CommandType, content: object): string {
  return JSON.stringify(cloudEvent("demo-1", type, content));
}
