import type { LongshoreProps } from "../../infra/index.ts";
import type { FunctionName } from "../../infra/names.ts";
import { functionNames, idOf } from "../../infra/names.ts";
import { localAccount, localRegion } from "../../local/environment.ts";
import { type Resource, Synthesized } from "../infra/synthesize.ts";
import type { Statement } from "./evaluate.ts";

/** The stack as it is deployed to the account and region of the local cluster: every name is the local cluster's own. */
export interface Deployed {
  /** What each function's role may do. */
  readonly roles: Readonly<Record<FunctionName, readonly Statement[]>>;
  /** The queue that wakes each function, by its ARN; the sweep has none. */
  readonly sources: Readonly<Partial<Record<FunctionName, string>>>;
  /** ARN of the role that starts tasks. */
  readonly executionRole: string;
  /** A value of the template as CloudFormation would make it. */
  resolve(value: unknown): unknown;
  readonly synthesized: Synthesized;
}

/** Synthesizes an install, and gives its resources the names that they would have. */
export function deploy(props: LongshoreProps = {}): Deployed {
  const synthesized = new Synthesized(props);
  const resources = synthesized.template.toJSON().Resources as Readonly<Record<string, Resource>>;
  const resolve = (value: unknown) => resolved(value, resources);
  return {
    synthesized,
    resolve,
    roles: eachFunction((name) => statementsOf(synthesized.at(`${idOf(name)}Role`), resolve)),
    sources: Object.fromEntries(
      [...synthesized.all("AWS::Lambda::EventSourceMapping").values()].map(({ Properties }) => [
        String(resolve(Properties.FunctionName)).replace(/^.*?-/, ""),
        String(resolve(Properties.EventSourceArn)),
      ]),
    ),
    executionRole: String(resolve({ "Fn::GetAtt": [idAt(synthesized, resources, "ExecutionRole"), "Arn"] })),
  };
}

/** The same for each function. */
export function eachFunction<Value>(value: (name: FunctionName) => Value): Readonly<Record<FunctionName, Value>> {
  return Object.fromEntries(functionNames.map((name) => [name, value(name)])) as Record<FunctionName, Value>;
}

/** The statements of the policies that a role of a template has, references resolved. */
export function statementsOf(role: Resource, resolve: (value: unknown) => unknown): readonly Statement[] {
  const { Policies: policies } = role.Properties as { readonly Policies: readonly { PolicyDocument: unknown }[] };
  return policies.flatMap(({ PolicyDocument: document }) => statementsIn(document, resolve));
}

/** The statements of a policy document, references resolved. */
export function statementsIn(document: unknown, resolve: (value: unknown) => unknown): readonly Statement[] {
  const { Statement: statements } = resolve(document) as { readonly Statement: readonly Record<string, unknown>[] };
  return statements.map(({ Effect, Action, Resource, Condition }) => ({
    Effect: Effect as Statement["Effect"],
    Action: texts(Action),
    Resource: texts(Resource),
    ...(Condition !== undefined && { Condition: conditionsOf(Condition as Record<string, Record<string, unknown>>) }),
  }));
}

function conditionsOf(conditions: Record<string, Record<string, unknown>>) {
  return mapped(conditions, (keys) => mapped(keys, texts));
}

function mapped<From, To>(members: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, change(value)]));
}

function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

function idAt(synthesized: Synthesized, resources: Readonly<Record<string, Resource>>, path: string): string {
  const found = Object.entries(resources).find(([, resource]) => resource === synthesized.at(path));
  if (!found) throw new Error(`nothing in the template is ${path}`);
  return found[0];
}

const pseudo: Readonly<Record<string, string>> = {
  "AWS::AccountId": localAccount,
  "AWS::Partition": "aws",
  "AWS::Region": localRegion,
  "AWS::URLSuffix": "amazonaws.com",
};

const here = `${localRegion}:${localAccount}`;

/** What references to a resource become, by its type: its own name, and its ARN. */
const names: Readonly<Record<string, (properties: Resource["Properties"], id: string) => readonly [string, string]>> = {
  "AWS::DynamoDB::Table": ({ TableName }) => [`${TableName}`, `arn:aws:dynamodb:${here}:table/${TableName}`],
  "AWS::ECS::Cluster": ({ ClusterName }) => [`${ClusterName}`, `arn:aws:ecs:${here}:cluster/${ClusterName}`],
  "AWS::Events::Rule": ({ Name }) => [`${Name}`, `arn:aws:events:${here}:rule/${Name}`],
  "AWS::IAM::Role": (_, id) => [id, `arn:aws:iam::${localAccount}:role/${id}`],
  "AWS::Lambda::Function": ({ FunctionName }) => [`${FunctionName}`, `arn:aws:lambda:${here}:function:${FunctionName}`],
  "AWS::Logs::LogGroup": ({ LogGroupName }) => [`${LogGroupName}`, `arn:aws:logs:${here}:log-group:${LogGroupName}:*`],
  "AWS::SQS::Queue": ({ QueueName }) => [
    `https://sqs.${localRegion}.amazonaws.com/${localAccount}/${QueueName}`,
    `arn:aws:sqs:${here}:${QueueName}`,
  ],
};

function resolved(value: unknown, resources: Readonly<Record<string, Resource>>): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => resolved(each, resources));
  const { Ref: name, "Fn::GetAtt": attribute, "Fn::Join": join } = value as Record<string, unknown>;
  if (typeof name === "string") return pseudo[name] ?? nameOf(name, resources)[0];
  if (Array.isArray(attribute)) return attributeOf(attribute as [string, string], resources);
  if (Array.isArray(join)) return (resolved(join[1], resources) as readonly unknown[]).join(String(join[0]));
  return mapped(value as Record<string, unknown>, (each) => resolved(each, resources));
}

function attributeOf(
  [id, attribute]: readonly [string, string],
  resources: Readonly<Record<string, Resource>>,
): string {
  return attribute === "Arn" ? nameOf(id, resources)[1] : `${id}.${attribute}`;
}

function nameOf(id: string, resources: Readonly<Record<string, Resource>>): readonly [string, string] {
  const resource = resources[id];
  return (resource && names[resource.Type]?.(resource.Properties, id)) ?? [id, `${id}.Arn`];
}
