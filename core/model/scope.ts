/** More than one service: those of a namespace, or all of them. */
export type Scope = { readonly kind: "Namespace"; readonly name: string } | { readonly kind: "Install" };

/** A scope as people read it. */
export function nameOfScope(scope: Scope): string {
  return scope.kind === "Install" ? "the install" : `namespace ${scope.name}`;
}
