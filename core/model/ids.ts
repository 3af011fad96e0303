/** A string that only its own kind may stand for: a `Revision` never passes for a `TaskId`. */
export type Brand<Name extends string> = string & { readonly brand: Name };

/** `<namespace>/<name>`: what a wake-up on `work` names. */
export type ServiceKey = Brand<"ServiceKey">;
/** Hash of what runs: 10 lower-case hex digits. */
export type Revision = Brand<"Revision">;
/** Last part of an ECS task ARN: 32 hex digits. */
export type TaskId = Brand<"TaskId">;
/** Last part of an ECS container instance ARN: 32 hex digits. */
export type NodeId = Brand<"NodeId">;
/** 80 random bits as 16 base32 characters: `clientToken` of a call and the head of its `startedBy`. */
export type Token = Brand<"Token">;

/** Joins a namespace and a name into the key of a service. */
export function serviceKey(namespace: string, name: string): ServiceKey {
  return `${namespace}/${name}` as ServiceKey;
}

/** The namespace and the name that a service's key was joined from. */
export function splitServiceKey(key: ServiceKey): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
