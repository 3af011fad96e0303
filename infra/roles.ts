import { Aws, Stack, Validations } from "aws-cdk-lib";
import { CfnRole, Effect, PolicyDocument, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import type { Permission } from "./permissions.ts";

/** What a role is made of. */
export interface RoleOptions {
  readonly description: string;
  /** The service that acts in its name, and the conditions under which. */
  readonly service: string;
  readonly if?: Permission["if"];
  readonly permissions: readonly Permission[];
}

/** A role with exactly those permissions, in one policy that belongs to it. */
export function createRole(scope: Construct, id: string, { description, service, ...options }: RoleOptions): CfnRole {
  const role = new CfnRole(scope, id, {
    description,
    assumeRolePolicyDocument: new PolicyDocument({
      statements: [
        new PolicyStatement({
          actions: ["sts:AssumeRole"],
          principals: [new ServicePrincipal(service)],
          ...(options.if && { conditions: options.if }),
        }),
      ],
    }),
    policies: [
      { policyName: "own", policyDocument: new PolicyDocument({ statements: options.permissions.map(statementOf) }) },
    ],
  });
  explainPatterns(role, options.permissions);
  return role;
}

/** What reading and writing takes where table and queues are encrypted with a key of the account's. */
export function keyPermissions(key: IKey | undefined): readonly Permission[] {
  if (!key) return [];
  const services = ["dynamodb", "sqs"].map((service) => `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}`);
  return [
    {
      may: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
      on: [key.keyArn],
      if: { StringEquals: { "kms:ViaService": services } },
    },
  ];
}

function statementOf({ may, on, if: conditions }: Permission): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [...may],
    resources: [...on],
    ...(conditions && { conditions }),
  });
}

/** Tells whoever checks the stack with cdk-nag why resources are named by a pattern. */
function explainPatterns(role: CfnRole, permissions: readonly Permission[]): void {
  for (const { on, because } of permissions)
    for (const resource of on)
      if (because !== undefined && resource.includes("*"))
        Validations.of(role).acknowledge({
          id: `AwsSolutions-IAM5[Resource::${shown(role, resource)}]`,
          reason: because,
        });
}

/** As cdk-nag writes a resource: references in angle brackets. */
function shown(scope: Construct, resource: string): string {
  const visit = (value: unknown): string => {
    if (typeof value === "string") return value;
    const { Ref: name, "Fn::GetAtt": attribute, "Fn::Join": join } = value as Record<string, unknown>;
    if (typeof name === "string") return `<${name}>`;
    if (Array.isArray(attribute)) return `<${attribute.join(".")}>`;
    const [separator, parts] = join as [string, readonly unknown[]];
    return parts.map(visit).join(separator);
  };
  return visit(Stack.of(scope).resolve(resource));
}
