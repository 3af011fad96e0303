import { afterAll } from "vitest";
import { type Clients, clientsFrom, closeClients } from "../../aws/clients.ts";
import { type EndpointOptions, startEndpoint } from "../../local/endpoint.ts";
import { clientEnvironment } from "../../local/environment.ts";
import { target } from "../support/target.ts";

/** An AWS that answers, and how its clients know it. */
export interface ContractAws {
  readonly clients: Clients;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Starts AWS endpoints on this machine for the tests of one file, and closes them and their clients after the last. What
 * this run's target offers comes from there.
 */
export function localAws(): (options?: Partial<EndpointOptions>) => Promise<ContractAws> {
  const closing: (() => unknown)[] = [];
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
  });
  return async (options = {}) => {
    const endpoint = await startEndpoint({ ecs: { handle: () => ({}) }, ...options });
    closing.push(endpoint.close);
    const variables = { ...clientEnvironment(endpoint.url), ...target?.offered };
    const clients = clientsFrom(variables);
    closing.push(() => closeClients(clients));
    return { clients, variables };
  };
}
