/** What a task may ask of Fargate: CPU in units of 1/1024 vCPU, memory in MiB. */
export interface TaskSize {
  readonly cpuUnits: number;
  readonly memoryMib: number;
}

/**
 * Memory that goes with a CPU size: from, to, in steps of; the first row also has 512.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
const rows = [
  { cpuUnits: 256, from: 1024, to: 2048, step: 1024 },
  { cpuUnits: 512, from: 1024, to: 4096, step: 1024 },
  { cpuUnits: 1024, from: 2048, to: 8192, step: 1024 },
  { cpuUnits: 2048, from: 4096, to: 16_384, step: 1024 },
  { cpuUnits: 4096, from: 8192, to: 30_720, step: 1024 },
  { cpuUnits: 8192, from: 16_384, to: 61_440, step: 4096 },
  { cpuUnits: 16_384, from: 32_768, to: 122_880, step: 8192 },
] as const;

/** Every size that Fargate has, smallest CPU first, then smallest memory. */
export const fargateSizes: readonly TaskSize[] = [
  { cpuUnits: 256, memoryMib: 512 },
  ...rows.flatMap(({ cpuUnits, from, to, step }) =>
    Array.from({ length: (to - from) / step + 1 }, (_, index) => ({ cpuUnits, memoryMib: from + index * step })),
  ),
];

/** The smallest Fargate size, by CPU and then by memory, that has room for this; undefined: none has. */
export function fargateSizeFor({ cpuUnits, memoryMib }: TaskSize): TaskSize | undefined {
  return fargateSizes.find((size) => size.cpuUnits >= cpuUnits && size.memoryMib >= memoryMib);
}
