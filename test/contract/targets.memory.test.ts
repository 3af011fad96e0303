import { modelTargets } from "../../sim/elb/port.ts";
import { aModel, targetsContract, targetsUnderTest } from "./targets.ts";

targetsContract("the targets in memory", async () => {
  const model = aModel();
  return targetsUnderTest(model, modelTargets(model));
});
