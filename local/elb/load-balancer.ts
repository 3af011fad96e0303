import { type Agent, createServer, type Server } from "node:http";
import { ElbError } from "../../sim/elb/error.ts";
import type { Listener } from "../../sim/elb/resources.ts";
import type { ListenerPorts } from "./actions.ts";
import { forward } from "./forward.ts";
import { type HealthCheckOptions, startHealthChecks } from "./health-checks.ts";
import { upstreamAgent } from "./upstream.ts";

/** What the load balancers of a machine are made with. */
export interface LoadBalancerOptions extends HealthCheckOptions {
  /** How long a connection may be silent while a request is in flight on it, ms. Default 60 s, as an Application Load Balancer. */
  readonly idleTimeoutMs?: number;
}

/** The running load balancers: real ports and real health checks. */
export interface LoadBalancers extends ListenerPorts {
  /** Stops the health checks and drops every connection and port. */
  close(): Promise<void>;
}

/**
 * Gives a model's load balancers their network: health checks from now on, and an HTTP server on 127.0.0.1 for each
 * listener that is opened, on the listener's own port.
 */
export function startLoadBalancers(options: LoadBalancerOptions): LoadBalancers {
  const agent = upstreamAgent();
  const open = new Map<string, Server>();
  /** Those that are closed too, while requests are still in flight on them. */
  const running = new Set<Server>();
  const stopHealthChecks = startHealthChecks(options);

  return {
    async openListener(listener) {
      const server = listenerServer(listener, agent, options);
      await listen(server, listener.port);
      open.set(listener.arn, server);
      running.add(server);
      server.once("close", () => running.delete(server));
    },
    async closeListener(listenerArn) {
      open.get(listenerArn)?.close();
      open.delete(listenerArn);
    },
    async close() {
      stopHealthChecks();
      await Promise.all([...running].map(closeNow));
      agent.destroy();
    },
  };
}

function listenerServer({ targetGroup, port }: Listener, agent: Agent, options: LoadBalancerOptions): Server {
  const { model, resolve, idleTimeoutMs = 60_000 } = options;
  const isClosed = () => !server.listening;
  const forwarding = { model, resolve, agent, targetGroup, listenerPort: port, idleTimeoutMs, isClosed };
  const server = createServer({ keepAliveTimeout: idleTimeoutMs, requestTimeout: 0 }, (request, response) => {
    forward(request, response, forwarding);
  });
  return server;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(portError(port, cause)));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, resolve);
  });
}

function portError(port: number, cause: NodeJS.ErrnoException): ElbError {
  const taken = cause.code === "EADDRINUSE";
  const why = taken ? "is taken by another listener or program" : `cannot be had (${cause.code})`;
  const message = `port ${port} of 127.0.0.1 ${why}: choose another port`;
  return new ElbError(taken ? "DuplicateListener" : "OperationNotPermitted", message, { cause });
}

function closeNow(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.once("close", resolve);
    server.close();
    server.closeAllConnections();
  });
}
