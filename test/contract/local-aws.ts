import { afterAll } from "vitest";
import { type Clients, clientsFrom, closeClients } from "../../aws/clients.ts";
import { type EndpointOptions, startEndpoint } from "../../local/endpoint.ts";
import { clientEnvironment } from "../../local/environment.ts";

/** Starts AWS endpoints on this machine for the tests of one file, and closes them and their clients after the last. */
export function localAws(): (options?: Partial<EndpointOptions>) => Promise<Clients> {
  const closing: (() => unknown)[] = [];
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
  });
  return async (options = {}) => {
    const endpoint = await startEndpoint({ ecs: { handle: () => ({}) }, ...options });
    closing.push(endpoint.close);
    const clients = clientsFrom(clientEnvironment(endpoint.url));
    closing.push(() => closeClients(clients));
    return clients;
  };
}
