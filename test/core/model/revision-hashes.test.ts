import { expect, test } from "vitest";
import { admitManifest } from "../../../core/admission/index.ts";
import { revisionContent } from "../../../core/model/revision.ts";
import { revisionOf } from "../../../steps/digest.ts";
import { aManifestWith } from "../../support/manifests.ts";
import { aSettings, aSpec } from "../../support/service.ts";

const container = "spec.task.containers[0]";
const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf";
const network = { mode: "awsvpc", subnets: ["subnet-b"], securityGroups: ["sg-b"], publicIp: false } as const;

const full = {
  "spec.task.cpuUnits": 1024,
  "spec.task.memoryMib": 2048,
  "spec.task.architecture": "arm64",
  "spec.task.taskRole": "arn:aws:iam::123456789012:role/task",
  "spec.task.executionRole": "arn:aws:iam::123456789012:role/execution",
  "spec.task.network": network,
  [`${container}.entryPoint`]: ["/bin/sh", "-c"],
  [`${container}.command`]: ["serve"],
  [`${container}.workingDirectory`]: "/srv",
  [`${container}.user`]: "1000:1000",
  [`${container}.memoryReservationMib`]: 128,
  [`${container}.environment`]: { LEVEL: "info", MAX_TOKENS: "9" },
  [`${container}.plainSecrets`]: ["MAX_TOKENS"],
  [`${container}.secrets`]: { DB_PASSWORD: secret },
  [`${container}.health`]: { command: ["CMD", "true"], intervalSeconds: 10 },
  [`${container}.stopTimeoutSeconds`]: 120,
  [`${container}.logs`]: {
    driver: "awslogs",
    options: { "awslogs-group": "/g", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "p" },
  },
  "spec.task.containers[1]": { name: "side", image: "shop/side:1", cpuUnits: 0, memoryMib: 64, essential: false },
};

/**
 * A new release must not make a new revision, and so a rollout, of services that use nothing new of it: these names were
 * given by the code before task definitions had volumes, dependencies, credentials and storage.
 */
test.for([
  { name: "the least there is", changes: {}, defaults: {}, is: "6ec0fc3309" },
  { name: "on Fargate", changes: { "spec.placement.capacity": [{ type: "fargate" }] }, defaults: {}, is: "cec0d8ab72" },
  { name: "with all that there was", changes: full, defaults: {}, is: "db20677278" },
  {
    name: "with all that there was, on Fargate",
    changes: { ...full, "spec.placement.capacity": [{ type: "fargate" }] },
    defaults: {},
    is: "ddd9050f23",
  },
  { name: "on a bridge", changes: { "spec.task.network": { mode: "bridge" } }, defaults: {}, is: "68cd094dac" },
  {
    name: "with the defaults of an install",
    changes: {},
    defaults: { network, capacity: "fargate", executionRole: "arn:execution", logGroup: "/longshore" } as const,
    is: "0cb015eed2",
  },
])("the revision of a service $name is named as before", ({ changes, defaults, is }) => {
  const admission = admitManifest(aManifestWith(changes));
  if (!admission.ok) throw new Error(JSON.stringify(admission.issues));
  const settings = aSettings();
  const given = { ...settings, defaults: { ...settings.defaults, ...defaults } };
  expect(revisionOf(revisionContent({ ...aSpec(), manifest: admission.manifest }, given))).toBe(is);
});
