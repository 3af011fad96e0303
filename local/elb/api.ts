import { randomUUID } from "node:crypto";
import { ElbError } from "../../sim/elb/error.ts";
import type { ElbModel } from "../../sim/elb/model.ts";
import type { ListenerPorts } from "./actions.ts";
import { actions } from "./actions.ts";
import { readQuery } from "./query.ts";
import { answerXml, errorXml } from "./xml.ts";

/** A request in the AWS query protocol, its form decoded. */
export interface ElbRequest {
  /** The parameter `Action`. */
  readonly action: string;
  readonly parameters: URLSearchParams;
}

/** To be sent as `text/xml`. */
export interface ElbAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * The ELBv2 API (query protocol, version 2015-12-01) over a model: what Longshore and a user's script need of it.
 * It never rejects: a failure of ours is answered as `InternalFailure`.
 *
 * @param ports Where listeners become real ports: what `startLoadBalancers` answers. Without it they stay in the model.
 */
export function elbApi(model: ElbModel, ports: ListenerPorts = noPorts): (request: ElbRequest) => Promise<ElbAnswer> {
  return async ({ action, parameters }) => {
    const requestId = randomUUID();
    try {
      const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (!act) throw new ElbError("InvalidAction", `action "${action}" is not one that the local load balancer has`);
      const result = await act(readQuery(parameters), model, ports);
      return { status: 200, body: answerXml(action, result, requestId) };
    } catch (error) {
      return error instanceof ElbError ? refusal(error, requestId) : failure(error, requestId);
    }
  };
}

const noPorts: ListenerPorts = { openListener: async () => {}, closeListener: async () => {} };

function refusal({ code, message }: ElbError, requestId: string): ElbAnswer {
  return { status: 400, body: errorXml({ type: "Sender", code, message }, requestId) };
}

function failure(error: unknown, requestId: string): ElbAnswer {
  return {
    status: 500,
    body: errorXml({ type: "Receiver", code: "InternalFailure", message: String(error) }, requestId),
  };
}
