import { expect, test } from "vitest";
import { isFargateSize } from "../../../sim/ecs/fargate-sizes.ts";

test.for([
  { cpuUnits: 256, offered: [512, 1024, 2048], not: [256, 511, 1536, 3072] },
  { cpuUnits: 512, offered: [1024, 2048, 4096], not: [512, 1536, 5120] },
  { cpuUnits: 1024, offered: [2048, 8192], not: [1024, 2049, 9216] },
  { cpuUnits: 2048, offered: [4096, 16_384], not: [3072, 17_408] },
  { cpuUnits: 4096, offered: [8192, 30_720], not: [7168, 31_744] },
  { cpuUnits: 8192, offered: [16_384, 20_480, 61_440], not: [12_288, 17_408, 65_536] },
  { cpuUnits: 16_384, offered: [32_768, 40_960, 122_880], not: [24_576, 36_864, 131_072] },
  { cpuUnits: 300, offered: [], not: [512, 1024] },
])("$cpuUnits CPU units", ({ cpuUnits, offered, not }) => {
  expect(offered.filter((memoryMib) => isFargateSize(cpuUnits, memoryMib))).toEqual(offered);
  expect(not.filter((memoryMib) => isFargateSize(cpuUnits, memoryMib))).toEqual([]);
});
