import { expect, test } from "vitest";
import { admitManifest } from "../../../core/admission/index.ts";
import { fargateSizeFor, fargateSizes } from "../../../core/model/fargate.ts";
import { aManifestWith } from "../../support/manifests.ts";

test("fargate has 74 sizes, in order", () => {
  expect(fargateSizes).toHaveLength(74);
  expect(fargateSizes.toSorted((a, b) => a.cpuUnits - b.cpuUnits || a.memoryMib - b.memoryMib)).toEqual(fargateSizes);
});

test.for([
  { cpuUnits: 256, memory: [512, 1024, 2048] },
  { cpuUnits: 512, memory: [1024, 2048, 3072, 4096] },
  { cpuUnits: 1024, memory: [2048, 3072, 4096, 5120, 6144, 7168, 8192] },
  { cpuUnits: 2048, memory: [4096, 16_384] },
  { cpuUnits: 4096, memory: [8192, 30_720] },
  { cpuUnits: 8192, memory: [16_384, 20_480, 61_440] },
  { cpuUnits: 16_384, memory: [32_768, 40_960, 122_880] },
])("fargate with $cpuUnits CPU units has these memories", ({ cpuUnits, memory }) => {
  const has = fargateSizes.filter((size) => size.cpuUnits === cpuUnits).map(({ memoryMib }) => memoryMib);
  expect(has).toEqual(expect.arrayContaining(memory));
  expect([has[0], has.at(-1)]).toEqual([memory[0], memory.at(-1)]);
});

test.for([
  { asked: "0 0", size: "256 512" },
  { asked: "256 512", size: "256 512" },
  { asked: "256 513", size: "256 1024" },
  { asked: "257 512", size: "512 1024" },
  { asked: "256 2049", size: "512 3072" },
  { asked: "256 4097", size: "1024 5120" },
  { asked: "4096 30721", size: "8192 32768" },
  { asked: "16384 122880", size: "16384 122880" },
  { asked: "16385 1", size: "none" },
  { asked: "1 122881", size: "none" },
])("the smallest fargate size with room for $asked is $size", ({ asked, size }) => {
  const [cpuUnits = 0, memoryMib = 0] = asked.split(" ").map(Number);
  const found = fargateSizeFor({ cpuUnits, memoryMib });
  expect(found ? `${found.cpuUnits} ${found.memoryMib}` : "none").toBe(size);
});

/** Sizes are `cpuUnits memoryMib`; `-` leaves one to its default. */
test.for([
  { on: "ec2", containers: ["64 100", "32 50"], asked: "- -", is: "96 150" },
  { on: "ec2", containers: ["64 100"], asked: "128 -", is: "128 100" },
  { on: "ec2", containers: ["64 100"], asked: "- 200", is: "64 200" },
  { on: "ec2", containers: ["64 100"], asked: "64 100", is: "64 100" },
  { on: "", containers: ["64 100"], asked: "- -", is: "64 100" },
  { on: "fargate", containers: ["64 100", "32 50"], asked: "- -", is: "256 512" },
  { on: "fargate", containers: ["256 512", "1 6"], asked: "- -", is: "512 1024" },
  { on: "fargate", containers: ["256 512"], asked: "- -", is: "256 512" },
  { on: "fargate", containers: ["256 3000"], asked: "- -", is: "512 3072" },
  { on: "fargate", containers: ["64 100"], asked: "1024 -", is: "1024 2048" },
  { on: "fargate", containers: ["64 100"], asked: "- 4096", is: "512 4096" },
  { on: "fargate", containers: ["64 100"], asked: "2048 8192", is: "2048 8192" },
])("a task of $containers on '$on', asked $asked, gets $is", ({ on, containers, asked, is }) => {
  const admission = admit(on, containers, asked);
  const task = admission.ok ? admission.manifest.spec.task : undefined;
  expect(task ? `${task.cpuUnits} ${task.memoryMib}` : admission).toBe(is);
});

test.for([
  {
    on: "ec2",
    containers: ["64 100", "65 100"],
    asked: "128 200",
    says: ["spec.task.cpuUnits: the containers' cpuUnits must sum to at most 128, got 129"],
  },
  {
    on: "ec2",
    containers: ["64 100", "64 101"],
    asked: "128 200",
    says: ["spec.task.memoryMib: the containers' memoryMib must sum to at most 200, got 201"],
  },
  {
    on: "ec2",
    containers: ["64 100"],
    asked: "1 6",
    says: [
      "spec.task.cpuUnits: the containers' cpuUnits must sum to at most 1, got 64",
      "spec.task.memoryMib: the containers' memoryMib must sum to at most 6, got 100",
    ],
  },
  {
    on: "ec2",
    containers: ["196608 6", "1 6"],
    asked: "- -",
    says: ["spec.task.cpuUnits: the containers' cpuUnits must sum to at most 196608, got 196609"],
  },
  {
    on: "fargate",
    containers: ["64 100"],
    asked: "300 -",
    says: [
      "spec.task: fargate has no size of 300 cpuUnits and at least 100 memoryMib; cpuUnits must be 256, 512, 1024, 2048, 4096, 8192 or 16384",
    ],
  },
  {
    on: "fargate",
    containers: ["64 100"],
    asked: "256 4096",
    says: [
      "spec.task: fargate has no size of 256 cpuUnits and 4096 memoryMib; with 256 cpuUnits goes memoryMib 512, 1024 or 2048",
    ],
  },
  {
    on: "fargate",
    containers: ["64 4096"],
    asked: "256 -",
    says: [
      "spec.task: fargate has no size of 256 cpuUnits and at least 4096 memoryMib; with 256 cpuUnits goes memoryMib 512, 1024 or 2048",
    ],
  },
  {
    on: "fargate",
    containers: ["20000 100"],
    asked: "- -",
    says: [
      "spec.task: fargate has no size of at least 20000 cpuUnits and at least 100 memoryMib; cpuUnits must be 256, 512, 1024, 2048, 4096, 8192 or 16384",
    ],
  },
])("a task of $containers on $on, asked $asked, is refused", ({ on, containers, asked, says }) => {
  const admission = admit(on, containers, asked);
  expect(admission.ok ? [] : admission.issues.map(({ path, message }) => `${path}: ${message}`)).toEqual(says);
});

test("a task whose containers have issues is not judged by its size", () => {
  const admission = admitManifest(
    aManifestWith({
      "spec.task.cpuUnits": 1,
      "spec.task.containers[0].cpuUnits": -1,
      "spec.placement.capacity": [{ type: "fargate" }],
    }),
  );
  expect(admission.ok ? [] : admission.issues.map(({ path }) => path)).toEqual(["spec.task.containers[0].cpuUnits"]);
});

function admit(on: string, containers: readonly string[], asked: string) {
  const [cpuUnits, memoryMib] = asked.split(" ").map((part) => (part === "-" ? undefined : Number(part)));
  return admitManifest(
    aManifestWith({
      "spec.placement.capacity": on === "" ? [] : [{ type: on }],
      "spec.task.cpuUnits": cpuUnits,
      "spec.task.memoryMib": memoryMib,
      "spec.task.containers": containers.map((size, index) => {
        const [cpu, memory] = size.split(" ").map(Number);
        return { name: `c${index}`, image: "i", cpuUnits: cpu, memoryMib: memory };
      }),
    }),
  );
}
