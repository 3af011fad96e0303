import { type ECSClient, ListContainerInstancesCommand, RegisterContainerInstanceCommand } from "@aws-sdk/client-ecs";
import { see } from "./capability.ts";
import { type Caller, queryCall } from "./signed-call.ts";

const version = "2016-11-15";
const integer = (name: string, integerValue: number) => ({ name, type: "INTEGER", integerValue });

/** Starts instances on EC2, and registers each as the ECS agent on it would. */
export async function addMachines(
  { ecs, caller }: { readonly ecs: ECSClient; readonly caller: Caller },
  cluster: string,
  count: number,
): Promise<void> {
  const { containerInstanceArns = [] } = await ecs.send(new ListContainerInstancesCommand({ cluster }));
  if (containerInstanceArns.length >= count) return;
  const images = await queryCall(caller, "ec2", { Action: "DescribeImages", Version: version });
  const [, image = "ami-12345678"] = /<imageId>(ami-\w+)</.exec(images) ?? [];
  const numbers = { MinCount: String(count), MaxCount: String(count) };
  const started = await queryCall(caller, "ec2", {
    Action: "RunInstances",
    Version: version,
    ImageId: image,
    ...numbers,
  });
  const ids = [...started.matchAll(/<instanceId>(i-\w+)</g)].map(([, id = ""]) => id);
  see(ids.length === count, `EC2 starts ${ids.length} of ${count} instances`);
  for (const instanceId of ids) {
    await ecs.send(
      new RegisterContainerInstanceCommand({
        cluster,
        instanceIdentityDocument: JSON.stringify({ instanceId, region: caller.region }),
        instanceIdentityDocumentSignature: "unsigned",
        totalResources: [integer("CPU", 2048), integer("MEMORY", 4096)],
      }),
    );
  }
}

/** Where tasks and load balancers are put. */
export interface Network {
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}

/** The VPC that EC2 has from the start; where there is no EC2, names that nobody looks at. */
export async function networkOf(caller: Caller): Promise<Network> {
  const ask = (Action: string) => queryCall(caller, "ec2", { Action, Version: version }).catch(() => "");
  const [subnets, groups] = await Promise.all([ask("DescribeSubnets"), ask("DescribeSecurityGroups")]);
  const found = (xml: string, pattern: RegExp) => [...xml.matchAll(pattern)].map(([, id = ""]) => id);
  const [vpc = "vpc-local"] = found(subnets, /<vpcId>(vpc-\w+)</g);
  const [first = "subnet-a", second = "subnet-b"] = found(subnets, /<subnetId>(subnet-\w+)</g);
  const [group = "sg-local"] = found(groups, /<groupId>(sg-\w+)</g);
  return { vpc, subnets: [first, second], securityGroups: [group] };
}
