import { isForFargate, type Rule } from "./definition-nouns.ts";
import type { ContainerInput } from "./inputs.ts";

const fargateDrivers = ["awslogs", "splunk", "awsfirelens"];

const needed: Readonly<Record<string, readonly string[]>> = {
  awslogs: ["awslogs-group", "awslogs-region"],
  splunk: ["splunk-token", "splunk-url"],
};

/** What a container's logs are refused for. */
export const logRules: readonly Rule<ContainerInput>[] = [
  ({ logConfiguration }, definition) =>
    logConfiguration && isForFargate(definition) && !fargateDrivers.includes(logConfiguration.logDriver)
      ? `Fargate compatible task definitions do not support log driver ${logConfiguration.logDriver}.`
      : undefined,
  ({ logConfiguration }, { containerDefinitions }) =>
    logConfiguration?.logDriver === "awsfirelens" &&
    containerDefinitions.every(({ firelensConfiguration }) => firelensConfiguration === undefined)
      ? "When awsfirelens log driver is specified in log configuration, a firelens configuration object must be configured in one of the containers."
      : undefined,
  ({ logConfiguration }) => {
    const { logDriver = "", options = {}, secretOptions = [] } = logConfiguration ?? {};
    const given = [...Object.keys(options), ...secretOptions.map(({ name }) => name)];
    const missing = (needed[logDriver] ?? []).filter((name) => !given.includes(name));
    return missing.length > 0 ? `Log driver ${logDriver} requires options: ${missing.join(", ")}` : undefined;
  },
  ({ logConfiguration }) => {
    if (logConfiguration?.logDriver !== "awslogs") return undefined;
    const others = Object.keys(logConfiguration.options ?? {}).filter(
      (name) => !/^(awslogs-.*|mode|max-buffer-size|tag)$/.test(name),
    );
    return others.length > 0 ? `Log driver awslogs disallows options: ${others.join(", ")}` : undefined;
  },
  ({ logConfiguration }, definition) => {
    if (logConfiguration?.logDriver !== "awslogs" || !isForFargate(definition)) return undefined;
    if (!Object.hasOwn(logConfiguration.options ?? {}, "awslogs-stream-prefix")) {
      return "Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.";
    }
    return definition.executionRoleArn === undefined
      ? "Fargate requires task definition to have execution role ARN to support log driver awslogs."
      : undefined;
  },
];
