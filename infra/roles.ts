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
export function createRole(scope: Construct, id: string, { service, permissions, ...options }: RoleOptions): CfnRole {
  return new CfnRole(scope, id, {
    description: options.description,
    assumeRolePolicyDocument: new PolicyDocument({
      statements: [
        new PolicyStatement({
          actions: ["sts:AssumeRole"],
          principals: [new ServicePrincipal(service)],
          ...(options.if && { conditions: options.if }),
        }),
      ],
    }),
    policies: [{ policyName: "own", policyDocument: new PolicyDocument({ statements: permissions.map(statementOf) }) }],
  });
}

/** A policy's statement that allows it. */
function statementOf({ may, on, if: conditions }: Permission): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [...may],
    resources: [...on],
    ...(conditions && { conditions }),
  });
}

/** What reading and writing takes where table and queues are encrypted with a key of the account's. */
export function keyPermissions(key: IKey | undefined, region: string): readonly Permission[] {
  if (!key) return [];
  const services = ["dynamodb", "sqs"].map((service) => `${service}.${region}.amazonaws.com`);
  return [
    {
      may: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
      on: [key.keyArn],
      if: { StringEquals: { "kms:ViaService": services } },
    },
  ];
}
