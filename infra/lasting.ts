import { type CfnResource, RemovalPolicy } from "aws-cdk-lib";

/** Kept when the stack is removed: tasks that run need it. Only a creation that fails takes it away again. */
export function lasting<Resource extends CfnResource>(resource: Resource): Resource {
  resource.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  return resource;
}
