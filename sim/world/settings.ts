import type { Settings } from "../../core/model/settings.ts";

/** Where everything is. */
export const region = "us-east-1";
/** Whose everything is. */
export const account = "000000000000";
/** Subnet → zone; nodes go round them. */
export const subnetZones = { "subnet-a": "us-east-1a", "subnet-b": "us-east-1b", "subnet-c": "us-east-1c" } as const;

/** The settings of a simulated install: tasks on nodes, on a bridge. */
export function worldSettings(quota: Partial<Settings["quota"]> = {}): Settings {
  return {
    install: "longshore",
    region,
    cluster: "main",
    accountShare: 0.5,
    defaults: {
      capacity: "ec2",
      network: { mode: "bridge", subnets: Object.keys(subnetZones), securityGroups: [], publicIp: false },
      subnetZones,
    },
    quota: { services: 500, tasks: 5_000, ...quota },
    functionTimeoutMs: 30_000,
  };
}
