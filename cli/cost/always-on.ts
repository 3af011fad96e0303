import { prices } from "./prices.ts";

/** A control plane that is paid for whether anything happens or not. */
export interface AlwaysOn {
  readonly name: string;
  readonly dollars: number;
  /** How the figure comes about. */
  readonly arithmetic: string;
}

const hours = 730;
/** As few as agree on anything while one is gone. */
const servers = 3;
const diskGigabytes = 20;

/** What a month of others' control planes costs, of the same region, and nothing of what runs on them. */
export const alwaysOn: readonly AlwaysOn[] = [
  {
    name: "3 Nomad servers",
    dollars: servers * (hours * prices.serverHour.dollars + diskGigabytes * prices.disk.dollars),
    arithmetic: `${servers} × (${hours} h × $${prices.serverHour.dollars} of a t4g.small + ${diskGigabytes} GB × $${prices.disk.dollars} of gp3)`,
  },
  {
    name: "EKS control plane",
    dollars: hours * prices.eksHour.dollars,
    arithmetic: `${hours} h × $${prices.eksHour.dollars.toFixed(2)}, in standard support`,
  },
];
