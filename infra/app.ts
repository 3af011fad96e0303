import { App, Stack } from "aws-cdk-lib";
import { issuesOf } from "./checks.ts";
import { Longshore } from "./longshore.ts";
import { readOptions } from "./options.ts";

// What `cdk deploy` deploys: one stack, for whatever account and region its credentials are of.
const app = new App();
const options = readOptions(app.node.getAllContext(), process.env);
const stack = new Stack(app, options.stack, {
  description: "Longshore: a container orchestrator with no control-plane servers",
});
const props = options.props(stack);
const issues = [...options.issues, ...issuesOf(props)];
if (issues.length > 0) {
  process.stderr.write(["Longshore cannot be deployed so:", ...issues, ""].join("\n"));
  // At once: an app that ends by itself would leave a stack without an install to deploy.
  process.exit(1);
}
new Longshore(stack, "Longshore", props);
