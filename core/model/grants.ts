/** What a command does, by the last part of its type: what somebody may be allowed to do in a namespace. */
export type Verb = "apply" | "scale" | "delete" | "restart" | "rollback" | "cancel" | "pause" | "resume";

/** Several verbs under one name; `core/access/roles.ts` has them. */
export type Role = "deployer" | "operator" | "owner";

/** That somebody may do something: there is no taking away, only leaving out. One of `role` and `verbs` is there. */
export interface Grant {
  /** The unique id that SQS stamps on a principal's messages: `AROA…` of a role, `AIDA…` of a user. Never a pattern. */
  readonly principal: string;
  readonly role?: Role;
  readonly verbs?: readonly Verb[];
}

/** What people write of a namespace, after admission. */
export interface NamespaceManifest {
  readonly apiVersion: "longshore.dev/v1";
  readonly kind: "Namespace";
  readonly metadata: { readonly name: string };
  readonly spec: {
    /** In this namespace. */
    readonly grants: readonly Grant[];
  };
}

/** What people write of the install, after admission. */
export interface InstallManifest {
  readonly apiVersion: "longshore.dev/v1";
  readonly kind: "Install";
  readonly spec: {
    /** Principals that may do everything, beside those that the stack was deployed with. */
    readonly administrators: readonly string[];
    /** In every namespace. */
    readonly grants: readonly Grant[];
  };
}
