import { elbTargets } from "../../aws/targets.ts";
import { elbApi } from "../../local/elb/api.ts";
import { localAws } from "./local-aws.ts";
import { targetsContract } from "./targets.ts";

const start = localAws();

targetsContract("the targets on Elastic Load Balancing", async (model) => {
  const { clients } = await start({ loadBalancing: elbApi(model) });
  return elbTargets({ clients: clients.elb });
});
