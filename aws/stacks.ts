import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type StackResourceSummary,
} from "@aws-sdk/client-cloudformation";
import { isFault } from "../core/model/fault.ts";
import { clientSettings } from "./client-settings.ts";
import type { Environment } from "./environment.ts";
import { translated } from "./faults.ts";

/** A CloudFormation stack, as it says of itself. */
export interface Stack {
  readonly name: string;
  /** CloudFormation's word, such as `CREATE_COMPLETE`. */
  readonly status: string;
  /** Outputs by their logical ids; none before the stack was created once. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** A resource that stays when its stack is deleted. */
export interface RetainedResource {
  /** CloudFormation's, such as `AWS::DynamoDB::Table`. */
  readonly type: string;
  /** What it is called in its own service. */
  readonly name: string;
}

/** Reads CloudFormation stacks; every function throws `Fault`. */
export interface StackReader {
  /** Undefined: there is no stack of that name. */
  find(name: string): Promise<Stack | undefined>;
  /** What the deletion of a stack leaves, ordered by type and name. */
  retained(name: string): Promise<readonly RetainedResource[]>;
  close(): void;
}

/** A reader of the stacks of one region, which the environment names, or the profile in it. */
export function cloudFormationStacks(environment: Environment): StackReader {
  const client = new CloudFormationClient(clientSettings(environment, "CLOUDFORMATION"));
  return {
    find: (name) => find(client, name),
    retained: (name) => retained(client, name),
    close: () => client.destroy(),
  };
}

async function find(client: CloudFormationClient, StackName: string): Promise<Stack | undefined> {
  const answer = await translated("cloudformation DescribeStacks", () =>
    client.send(new DescribeStacksCommand({ StackName })),
  ).catch((error: unknown) => {
    // CloudFormation has no name of its own for this refusal.
    if (isFault(error) && error.code === "ValidationError" && / does not exist\b/.test(error.message)) return undefined;
    throw error;
  });
  const [stack] = answer?.Stacks ?? [];
  if (stack === undefined) return undefined;
  const outputs = (stack.Outputs ?? []).flatMap(({ OutputKey, OutputValue }) =>
    OutputKey !== undefined && OutputValue !== undefined ? [[OutputKey, OutputValue] as const] : [],
  );
  return { name: stack.StackName ?? StackName, status: stack.StackStatus ?? "", outputs: Object.fromEntries(outputs) };
}

/** Policies under which a resource outlives its stack. */
const retaining: readonly unknown[] = ["Retain", "RetainExceptOnCreate"];

/** The template says what stays, by logical ids, and the list of resources what those are called. */
async function retained(client: CloudFormationClient, StackName: string): Promise<readonly RetainedResource[]> {
  const { TemplateBody = "{}" } = await translated("cloudformation GetTemplate", () =>
    client.send(new GetTemplateCommand({ StackName })),
  );
  // What the CDK deploys is JSON.
  const { Resources = {} }: { Resources?: Record<string, { DeletionPolicy?: unknown }> } = JSON.parse(TemplateBody);
  const found: StackResourceSummary[] = [];
  await translated("cloudformation ListStackResources", async () => {
    for await (const page of paginateListStackResources({ client }, { StackName }))
      found.push(...(page.StackResourceSummaries ?? []));
  });
  return found
    .filter(({ LogicalResourceId = "" }) => retaining.includes(Resources[LogicalResourceId]?.DeletionPolicy))
    .map(({ ResourceType = "", PhysicalResourceId = "" }) => ({ type: ResourceType, name: PhysicalResourceId }))
    .toSorted((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
}
