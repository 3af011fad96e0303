import type { ContainerInput, RegisterInput } from "./inputs.ts";

/** One thing that RegisterTaskDefinition refuses; the message says what. */
export type Rule<Subject> = (subject: Subject, definition: RegisterInput) => string | undefined;

/** Whether a task definition asks for Fargate. */
export function isForFargate(definition: RegisterInput): boolean {
  return definition.requiresCompatibilities?.includes("FARGATE") === true;
}

/** ECS's default. */
export function isEssential(container: ContainerInput): boolean {
  return container.essential ?? true;
}
