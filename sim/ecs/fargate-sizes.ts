/** Memory that Fargate offers for a size of CPU: from, to and step, MiB. */
interface MemoryRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

const ranges: Readonly<Record<number, MemoryRange>> = {
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16_384, step: 1024 },
  4096: { from: 8192, to: 30_720, step: 1024 },
  8192: { from: 16_384, to: 61_440, step: 4096 },
  16384: { from: 32_768, to: 122_880, step: 8192 },
};

/** Whether Fargate runs tasks of this size. */
export function isFargateSize(cpuUnits: number, memoryMib: number): boolean {
  if (cpuUnits === 256) return [512, 1024, 2048].includes(memoryMib);
  const range = ranges[cpuUnits];
  if (range === undefined || memoryMib < range.from || memoryMib > range.to) return false;
  return (memoryMib - range.from) % range.step === 0;
}
