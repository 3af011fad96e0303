import { modelTargets } from "../../sim/elb/port.ts";
import { targetsContract } from "./targets.ts";

targetsContract("the targets in memory", async (model) => modelTargets(model));
