import { clientError, invalidParameter } from "./errors.ts";
import type { RunInput } from "./inputs.ts";
import type { DefinitionState, Ecs, InterfaceState } from "./state.ts";

/** Subnets that a task may get its interface in, with their zones, in the order of the request. */
export type Subnets = readonly { readonly subnet: string; readonly zone: string }[];

/**
 * The subnets of a request. A task definition with the network mode awsvpc needs them, any other may name none.
 * Throws InvalidParameterException, also for a subnet that does not exist.
 */
export function subnetsOf(ecs: Ecs, definition: DefinitionState, input: RunInput): Subnets {
  const network = input.networkConfiguration?.awsvpcConfiguration;
  if (definition.networkMode !== "awsvpc") {
    if (network === undefined) return [];
    throw invalidParameter("Network Configuration is not valid for the given networkMode of this task definition.");
  }
  if (network === undefined || network.subnets.length === 0) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  const { subnets, securityGroups = [], assignPublicIp } = network;
  if (subnets.length > 16) throw invalidParameter(`subnets must be 1 to 16, got ${subnets.length}`);
  if (securityGroups.length > 5) throw invalidParameter(`securityGroups must be 0 to 5, got ${securityGroups.length}`);
  if (assignPublicIp === "ENABLED" && input.launchType !== "FARGATE") {
    throw invalidParameter("Assign public IP is not supported for this launch type.");
  }
  return subnets.map((subnet) => {
    const zone = ecs.options.subnets[subnet];
    if (zone === undefined) throw invalidParameter(`The subnet ID '${subnet}' does not exist`);
    return { subnet, zone };
  });
}

/** A new interface in a subnet, with an address that no live task has: `10.<zone>.<n>`, counted through. */
export function leaseInterface(ecs: Ecs, taskArn: string, subnet: string, zone: string): InterfaceState {
  const { hex, subnets } = ecs.options;
  const zones = [...new Set(Object.values(subnets))];
  const address = freeAddress(ecs, zones.indexOf(zone));
  ecs.state.addresses.set(address, taskArn);
  const mac = hex(10).match(/../g) ?? [];
  return {
    attachmentId: `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
    interfaceId: `eni-${hex(17)}`,
    macAddress: ["0a", ...mac].join(":"),
    subnet,
    address,
    status: "PRECREATED",
  };
}

const addressesPerZone = 65_000;

function freeAddress(ecs: Ecs, zone: number): string {
  for (let tries = 0; tries < addressesPerZone; tries += 1) {
    // AWS keeps the first four addresses of a subnet.
    const host = 4 + (ecs.state.leased % addressesPerZone);
    ecs.state.leased += 1;
    const address = `10.${zone}.${host >> 8}.${host & 255}`;
    if (!ecs.state.addresses.has(address)) return address;
  }
  throw clientError(`every private address of zone ${zone} is in use`);
}
