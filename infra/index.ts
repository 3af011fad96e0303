export { Longshore } from "./longshore.ts";
export { networkIn } from "./network.ts";
export type { LongshoreProps, TaskNetwork } from "./props.ts";
