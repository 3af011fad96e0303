import { Aws, Tags } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { createAlarms } from "./alarms.ts";
import { checkProps } from "./checks.ts";
import { createDashboard } from "./dashboard.ts";
import { environmentOf } from "./environment.ts";
import { openKey, watchEvents } from "./events.ts";
import { connect, createFunctions, type Functions } from "./functions.ts";
import { arnIn, type QueueName, queueNames } from "./names.ts";
import { addOutputs } from "./outputs.ts";
import { type Arns, permissionsOf } from "./permissions.ts";
import type { LongshoreProps } from "./props.ts";
import { createQueues, deadLettersOf, type Queues } from "./queues.ts";
import { keyPermissions } from "./roles.ts";
import { scheduleSweep } from "./schedule.ts";
import { createSingleAlarms } from "./single-alarms.ts";
import { createTable } from "./table.ts";
import { createTaskDefaults, type TaskDefaults } from "./tasks.ts";

/**
 * An install of Longshore: one table, four queues, five functions, and what tasks run on by default. One a stack, since
 * the stack's outputs tell the command line where it is. Removing it stops no task: what running tasks stand on stays.
 *
 * @throws Error naming every prop that is malformed.
 */
export class Longshore extends Construct {
  readonly install: string;
  readonly table: Table;
  /** Whoever may send here may command. */
  readonly commands: Queue;
  readonly functions: Functions;
  /** What tasks run on and with, unless their service says otherwise. */
  readonly tasks: TaskDefaults;

  constructor(scope: Construct, id: string, props: LongshoreProps = {}) {
    super(scope, id);
    checkProps(props);
    this.install = props.install ?? "longshore";
    const queues = createQueues(this, this.install, props);
    this.table = createTable(this, this.install, props);
    this.commands = queues.commands.queue;
    this.tasks = createTaskDefaults(this, this.install, props);
    this.functions = createFunctions(this, {
      install: this.install,
      environment: environmentOf(
        {
          install: this.install,
          table: this.table.tableName,
          queues: eachQueue((name) => queues[name].queue.queueUrl),
          deadLetters: deadLettersOf(queues).map(({ queueUrl }) => queueUrl),
          defaults: this.tasks,
        },
        props,
      ),
      permissions: permissionsOf(arnsOf(this, this.table.tableArn, queues, this.tasks, props), {
        exec: props.exec ?? false,
      }),
      common: keyPermissions(props.key),
      logRetentionDays: props.logRetentionDays ?? 30,
    });
    connect(this, this.functions, queues);
    const { sweep } = this.functions;
    watchEvents(this, this.install, arnIn(this, "ecs", `cluster/${this.tasks.cluster}`), queues.observations);
    if (props.key) openKey(this, props.key);
    scheduleSweep(this, {
      install: this.install,
      sweep,
      dead: queues.sweepDead,
      keyPermissions: keyPermissions(props.key),
    });
    const watched = { install: this.install, functions: this.functions, queues, table: this.table };
    const alarms = { ...watched, topic: props.alarmsTopic };
    createAlarms(this, alarms);
    if (props.singleAlarms) createSingleAlarms(this, alarms);
    if (props.dashboard) createDashboard(this, watched);
    Tags.of(this).add("application", "longshore");
    Tags.of(this).add("longshore:name", this.install);
    addOutputs(this, outputsOf(this));
  }
}

/** What the command line reads, and then what people need to put a load balancer before tasks. */
function outputsOf({ install, table, commands, tasks }: Longshore): Readonly<Record<string, string>> {
  const { cluster, logGroup, executionRole, network } = tasks;
  return {
    Install: install,
    Region: Aws.REGION,
    Table: table.tableName,
    CommandsQueueUrl: commands.queueUrl,
    Cluster: cluster,
    LogGroup: logGroup,
    ExecutionRole: executionRole,
    Vpc: network.vpcId,
    Subnets: Object.keys(network.subnets).join(","),
    SecurityGroups: network.securityGroups.join(","),
    ...(network.callers && { CallersSecurityGroup: network.callers }),
  };
}

/** What permissions speak of. */
function arnsOf(scope: Construct, table: string, queues: Queues, tasks: TaskDefaults, props: LongshoreProps): Arns {
  const { cluster, executionRole } = tasks;
  return {
    table,
    queues: eachQueue((name) => queues[name].queue.queueArn),
    deadLetters: deadLettersOf(queues).map(({ queueArn }) => queueArn),
    cluster: arnIn(scope, "ecs", `cluster/${cluster}`),
    tasks: arnIn(scope, "ecs", `task/${cluster}/*`),
    nodes: arnIn(scope, "ecs", `container-instance/${cluster}/*`),
    definitions: arnIn(scope, "ecs", "task-definition/longshore_*:*"),
    taskRoles: [executionRole, ...(props.taskRoles ?? [])],
    targetGroups: props.targetGroups ?? [arnIn(scope, "elasticloadbalancing", "targetgroup/*/*")],
    backlogQueues: props.backlogQueues ?? [arnIn(scope, "sqs", "*")],
  };
}

function eachQueue(value: (name: QueueName) => string): Readonly<Record<QueueName, string>> {
  return Object.fromEntries(queueNames.map((name) => [name, value(name)])) as Record<QueueName, string>;
}
