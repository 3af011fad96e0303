import { App, Stack } from "aws-cdk-lib";
import { Longshore } from "./longshore.ts";
import { readOptions } from "./options.ts";

// What `cdk deploy` deploys: one stack, for whatever account and region its credentials are of.
const app = new App();
const { stackName, props } = readOptions((name) => app.node.tryGetContext(name), process.env);
const stack = new Stack(app, stackName, {
  description: "Longshore: a container orchestrator with no control-plane servers",
});
new Longshore(stack, "Longshore", props(stack));
