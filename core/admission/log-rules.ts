import type { ContainerLogs } from "../model/task-template.ts";
import { conflict, type Findings, isReported, report } from "./findings.ts";
import type { Draft } from "./objects.ts";
import { type Place, within } from "./place.ts";
import { looksSecret } from "./secret-names.ts";
import type { TaskRule } from "./task-rule.ts";

/** What a driver has to be told, wherever it runs; what else is missing it finds out itself. */
const needed: Readonly<Record<string, readonly string[]>> = {
  awslogs: ["awslogs-group", "awslogs-region"],
  splunk: ["splunk-url", "splunk-token"],
};

/** Fargate names the streams by it. */
const neededOnFargate: Readonly<Record<string, readonly string[]>> = { awslogs: ["awslogs-stream-prefix"] };

/**
 * Logs have the options without which ECS refuses their driver, each once, and secrets only as references.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html
 */
export const logsAreComplete: TaskRule = ({ containers = [] }, place, findings, capacity) => {
  for (const [index, container] of containers.entries()) {
    const { logs } = container ?? {};
    if (logs === undefined) continue;
    const here = within(place, "containers", index, "logs");
    hasWhatItsDriverNeeds(logs, capacity === "fargate", here, findings);
    optionsAreSetOnce(logs, here, findings);
    secretsAreReferences(logs, here, findings);
    if (logs.driver === "awslogs") awslogsKnowsThem(logs, here, findings);
  }
};

function hasWhatItsDriverNeeds(
  { driver = "", options, secretOptions = {} }: Draft<ContainerLogs>,
  onFargate: boolean,
  place: Place,
  findings: Findings,
): void {
  if (options === undefined) return;
  const names = [...(needed[driver] ?? []), ...(onFargate ? (neededOnFargate[driver] ?? []) : [])];
  for (const name of names) {
    const here = within(place, "options", name);
    const isGiven = Object.hasOwn(options, name) || Object.hasOwn(secretOptions, name);
    if (isGiven || isReported(findings, here) || isReported(findings, within(place, "secretOptions", name))) continue;
    report(findings, here, "required", () => `${name} is required by ${driver}${onFargate ? " on fargate" : ""}`);
  }
}

function optionsAreSetOnce(
  { options = {}, secretOptions = {} }: Draft<ContainerLogs>,
  place: Place,
  findings: Findings,
): void {
  for (const name of Object.keys(secretOptions).filter((candidate) => Object.hasOwn(options, candidate))) {
    const here = within(place, "secretOptions", name);
    conflict(findings, here, () => `${name} must stand in options or in secretOptions, but is in both`);
  }
}

function secretsAreReferences({ options = {} }: Draft<ContainerLogs>, place: Place, findings: Findings): void {
  for (const name of Object.keys(options).filter(looksSecret)) {
    const here = within(place, "options", name);
    report(findings, here, "secret", () => `${name} looks like a secret; give the ARN of one in secretOptions`);
  }
}

/** ECS answers "Log driver awslogs disallows options: …" to those of other drivers. */
function awslogsKnowsThem({ options = {} }: Draft<ContainerLogs>, place: Place, findings: Findings): void {
  for (const name of Object.keys(options)) {
    if (/^awslogs-|^mode$|^max-buffer-size$|^tag$/.test(name)) continue;
    const here = within(place, "options", name);
    conflict(
      findings,
      here,
      () => `${name} is no option of awslogs; its options are awslogs-…, mode and max-buffer-size`,
    );
  }
  if (!Object.hasOwn(options, "awslogs-datetime-format") || !Object.hasOwn(options, "awslogs-multiline-pattern"))
    return;
  conflict(
    findings,
    within(place, "options", "awslogs-multiline-pattern"),
    () => "awslogs-multiline-pattern must not stand beside awslogs-datetime-format",
  );
}
