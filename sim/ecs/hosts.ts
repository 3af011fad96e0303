import { changeInstance, instanceOnHost } from "./instances.ts";
import { catchUp } from "./reports.ts";
import { type Ecs, isLive } from "./state.ts";
import { loseTask, stopTask } from "./tasks.ts";

/** The EC2 instance is gone, and its tasks with it. Repeating it changes nothing. */
export function terminateHost(ecs: Ecs, cluster: string, ec2InstanceId: string): void {
  const instance = instanceOnHost(ecs, cluster, ec2InstanceId);
  if (instance.status === "INACTIVE") return;
  changeInstance(ecs, instance, { status: "INACTIVE", agentConnected: false });
  ecs.state.held.delete(instance.arn);
  const cause = { stopCode: "TerminationNotice", stoppedReason: `Host EC2 (instance ${ec2InstanceId}) terminated.` };
  for (const task of [...ecs.state.tasks.values()]) {
    if (task.instanceArn === instance.arn && isLive(task)) loseTask(ecs, task, cause);
  }
}

/** The agent loses or regains its connection; regaining it, it reports what it could not. */
export function setAgentConnected(ecs: Ecs, cluster: string, ec2InstanceId: string, connected: boolean): void {
  const instance = instanceOnHost(ecs, cluster, ec2InstanceId);
  if (instance.status === "INACTIVE" || instance.agentConnected === connected) return;
  changeInstance(ecs, instance, { agentConnected: connected });
  if (connected) catchUp(ecs, instance.arn);
}

/** Fargate takes a task's capacity back. */
export function interruptTask(ecs: Ecs, taskArn: string): void {
  const task = ecs.state.tasks.get(taskArn);
  const cause = { stopCode: "SpotInterruption", stoppedReason: "Your Spot Task was interrupted." };
  if (task !== undefined && isLive(task)) stopTask(ecs, task, cause);
}
