import { CfnOutput } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** Outputs of the stack under exactly these logical ids: `longshore --stack NAME` reads them. */
export function addOutputs(scope: Construct, outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs))
    new CfnOutput(scope, `${name}Output`, { value }).overrideLogicalId(`Longshore${name}`);
}
