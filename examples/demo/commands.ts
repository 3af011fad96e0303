/** What names a service in commands about it. */
export interface ServiceName {
  readonly kind: "Service";
  readonly metadata: { readonly namespace: string; readonly name: string };
}

/** The commands that the demonstration sends. */
export type CommandType = "apply" | "scale" | "delete";

/** A command in a CloudEvents 1.0 envelope, as any client of the queue sends it. */
export function cloudEvent(id: string, type: CommandType, data: object) {
  return { specversion: "1.0", id, source: "demo", type: `dev.longshore.${type}`, data };
}
