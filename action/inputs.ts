import type { Environment } from "../aws/environment.ts";

/** The command line that the action's inputs stand for; action.yml hands them over as variables. */
export function applyArguments(environment: Environment): readonly string[] {
  const { DEPLOY_MANIFESTS = "", DEPLOY_TIMEOUT, DEPLOY_CONFIRM_REDUCTION } = environment;
  const manifests = DEPLOY_MANIFESTS.split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return [
    "apply",
    ...manifests.flatMap((path) => ["--file", path]),
    ...["--wait", "--json"],
    ...(DEPLOY_TIMEOUT ? ["--timeout", DEPLOY_TIMEOUT] : []),
    ...(DEPLOY_CONFIRM_REDUCTION === "true" ? ["--yes"] : []),
  ];
}
