import { elbTargets } from "../../aws/targets.ts";
import { elbApi } from "../../local/elb/api.ts";
import { ownName, target } from "../support/target.ts";
import { createTargetGroup } from "../targets/probe/elb.ts";
import { networkOf } from "../targets/probe/machines.ts";
import { callerOf } from "../targets/probe/signed-call.ts";
import { type ContractAws, localAws } from "./local-aws.ts";
import { aModel, type TargetsUnderTest, targetsContract, targetsUnderTest } from "./targets.ts";

const start = localAws();

targetsContract("the targets on Elastic Load Balancing", async () => {
  if (target?.offered.AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2) return ofTarget(await start());
  const model = aModel();
  const { clients } = await start({ loadBalancing: elbApi(model) });
  return targetsUnderTest(model, elbTargets({ clients: clients.elb }));
});

/** The target's own target groups. */
async function ofTarget({ clients, variables }: ContractAws): Promise<TargetsUnderTest> {
  const url = target?.offered.AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2 ?? "";
  const { vpc } = await networkOf(callerOf({ ...variables, AWS_ENDPOINT_URL: url }));
  const aGroup = () => createTargetGroup({ elb: clients.elb.calls, vpc }, ownName());
  return { targets: elbTargets({ clients: clients.elb }), aGroup };
}
