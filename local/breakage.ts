import { lastPart } from "../aws/arns.ts";
import type { EcsEngine } from "../sim/ecs/api.ts";
import type { ProcessDriver } from "./process-driver.ts";
import type { OutputLine } from "./task-output.ts";

/** What a user, a test or a demonstration may do to a running cluster from outside. */
export interface Breakage {
  /** Kills a task's processes, as a crash would. @throws Error when there is no such task */
  killTask(taskId: string): void;
  /** The machine is gone, with all that ran on it. @param node Its node id or EC2 instance id. @throws Error when there is none */
  terminateNode(node: string): void;
  /** Cuts or mends a machine's connection; its tasks run on. @param node As for `terminateNode`. */
  setAgentConnected(node: string, connected: boolean): void;
  /** The last lines that a task wrote; none for one that is unknown. */
  output(taskId: string): readonly OutputLine[];
}

/** Finds tasks and machines by their ids, as people read them in lists. */
export function breakage(engine: EcsEngine, driver: ProcessDriver): Breakage {
  const taskOf = (taskId: string) => engine.tasks().find(({ arn }) => lastPart(arn) === lastPart(taskId));
  const machineOf = (node: string) => {
    const found = engine
      .instances()
      .find(({ arn, ec2InstanceId }) => lastPart(arn) === lastPart(node) || ec2InstanceId === node);
    if (!found) throw new Error(`there is no node "${node}" in the local cluster`);
    return found;
  };
  return {
    killTask: (taskId) => {
      const task = taskOf(taskId);
      if (!task) throw new Error(`there is no task "${taskId}" in the local cluster`);
      driver.crash(task.arn);
    },
    terminateNode: (node) => {
      const { cluster, ec2InstanceId } = machineOf(node);
      engine.terminateInstance(cluster, ec2InstanceId);
    },
    setAgentConnected: (node, connected) => {
      const { cluster, ec2InstanceId } = machineOf(node);
      engine.setAgentConnected(cluster, ec2InstanceId, connected);
    },
    output: (taskId) => {
      const task = taskOf(taskId);
      return task ? driver.output(task.arn) : [];
    },
  };
}
