import { type EcsEngine, EcsError } from "../sim/ecs/api.ts";
import { actionOf, jsonError, jsonResponse, parseObject, type Service, type WireResponse } from "./wire.ts";

/**
 * The ECS API (AWS JSON 1.1) in front of an engine.
 *
 * @param onActivity Called after every request that reached the engine: something may be due earlier than it was.
 */
export function ecsService(engine: Pick<EcsEngine, "handle">, onActivity: () => void): Service {
  return async (request) => {
    const action = actionOf(request);
    if (action === "") {
      return jsonError({ status: 400, code: "UnknownOperationException", message: "no X-Amz-Target" }, "1.1");
    }
    const input = parseObject(request.body);
    if (!input) {
      return jsonError(
        { status: 400, code: "SerializationException", message: "the body is not a JSON object" },
        "1.1",
      );
    }
    const response = answer(engine, action, input);
    onActivity();
    return response;
  };
}

function answer(engine: Pick<EcsEngine, "handle">, action: string, input: Record<string, unknown>): WireResponse {
  try {
    return jsonResponse(200, engine.handle(action, input), "1.1");
  } catch (error) {
    if (error instanceof EcsError) return jsonError(error, "1.1", error.fields);
    throw error;
  }
}
