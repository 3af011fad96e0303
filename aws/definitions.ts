import {
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { invariant } from "../core/model/fault.ts";
import type { Tasks } from "../core/ports/tasks.ts";
import { callOnce } from "./call-once.ts";
import type { ClientPair } from "./clients.ts";
import { translated } from "./faults.ts";
import { registerInput } from "./task-definition.ts";

/** How many of a family's newest task definitions are looked at for a revision. */
const newest = 10;

/** Pages of a family's task definitions that are followed in search of those. */
const maxPages = 10;

/** Task definitions: registered once, found again by the tag that names their revision. */
export function ecsDefinitions(
  { calls, reads }: ClientPair<ECSClient>,
  timeoutMs: number,
): Pick<Tasks, "define" | "findDefinition"> {
  return {
    define: async (definition) => {
      const command = new RegisterTaskDefinitionCommand(registerInput(definition));
      const { taskDefinition } = await callOnce("ecs RegisterTaskDefinition", timeoutMs, (options) =>
        calls.send(command, options),
      );
      const arn = taskDefinition?.taskDefinitionArn;
      invariant(arn !== undefined, `ecs RegisterTaskDefinition answered no ARN for family ${definition.family}`);
      return arn;
    },
    findDefinition: async (family, revision) => {
      for (const arn of await newestOf(reads, family)) {
        if ((await revisionOf(reads, arn)) === revision) return arn;
      }
      return undefined;
    },
  };
}

/** ARNs of the newest active ones of exactly that family, newest first. */
async function newestOf(client: ECSClient, family: string): Promise<readonly string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const command = new ListTaskDefinitionsCommand({
      familyPrefix: family,
      status: "ACTIVE",
      sort: "DESC",
      maxResults: newest,
      nextToken,
    });
    const answer = await translated("ecs ListTaskDefinitions", () => client.send(command));
    found.push(...(answer.taskDefinitionArns ?? []).filter((arn) => familyOf(arn) === family));
    nextToken = answer.nextToken;
    if (found.length >= newest || !nextToken) break;
  }
  return found.slice(0, newest);
}

/** `arn:…:task-definition/<family>:<revision>` */
function familyOf(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1, arn.lastIndexOf(":"));
}

async function revisionOf(client: ECSClient, taskDefinition: string): Promise<string | undefined> {
  const command = new DescribeTaskDefinitionCommand({ taskDefinition, include: ["TAGS"] });
  const { tags = [] } = await translated("ecs DescribeTaskDefinition", () => client.send(command));
  return tags.find(({ key }) => key === "longshore:revision")?.value;
}
