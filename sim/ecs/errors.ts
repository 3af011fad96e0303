import { EcsError } from "./api.ts";

/** A parameter that ECS refuses (400). */
export function invalidParameter(message: string): EcsError {
  return new EcsError("InvalidParameterException", message);
}

/** A request that ECS cannot carry out, such as one for an inactive task definition (400). */
export function clientError(message: string): EcsError {
  return new EcsError("ClientException", message);
}

/** The cluster of a request does not exist (400). */
export function clusterNotFound(): EcsError {
  return new EcsError("ClusterNotFoundException", "Cluster not found.");
}
