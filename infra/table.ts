import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { AnyPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { arnIn } from "./names.ts";
import type { LongshoreProps } from "./props.ts";

/** Finds candidates; the names are those that the store reads. */
const indexes = [
  { name: "byKind", partition: "kindShard", sort: "kindRow" },
  { name: "waiting", partition: "waitShard", sort: "waitRow" },
] as const;

/** The one table: on demand with a maximum, so that no mistake costs more than that, and kept when the stack is removed. */
export function createTable(
  scope: Construct,
  install: string,
  { key, tableLimits: { reads = 4_000, writes = 2_000 } = {} }: LongshoreProps,
): Table {
  const limits = { maxReadRequestUnits: reads, maxWriteRequestUnits: writes };
  const table = new Table(scope, "Table", {
    tableName: install,
    partitionKey: { name: "partition", type: AttributeType.STRING },
    sortKey: { name: "sort", type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    ...limits,
    timeToLiveAttribute: "expiresAt",
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    ...(key
      ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: key }
      : { encryption: TableEncryption.DEFAULT }),
  });
  table.addToResourcePolicy(
    tlsOnly([arnIn(scope, "dynamodb", `table/${install}`), arnIn(scope, "dynamodb", `table/${install}/index/*`)]),
  );
  for (const { name, partition, sort } of indexes)
    table.addGlobalSecondaryIndex({
      indexName: name,
      partitionKey: { name: partition, type: AttributeType.STRING },
      sortKey: { name: sort, type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
      ...limits,
    });
  return table;
}

/** Named by text: a policy of a table cannot refer to the table. */
function tlsOnly(resources: string[]): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ["dynamodb:*"],
    resources,
    conditions: { Bool: { "aws:SecureTransport": "false" } },
  });
}
