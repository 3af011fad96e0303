import {
  CreateClusterCommand,
  DescribeContainerInstancesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListContainerInstancesCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  StartTaskCommand,
  StopTaskCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { type Capability, refusalOf, see, seeWithin } from "./capability.ts";

/** Where the probe runs tasks of its own. */
export interface EcsWorld {
  readonly ecs: ECSClient;
  /** A cluster of its own, or one that has machines. */
  readonly cluster: string;
  readonly prefix: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** One that a container can be started from and goes on for a minute, where containers are started. */
  readonly image: string;
  readonly command: readonly string[];
  /** Adds machines to the cluster, where it has none. */
  addMachines(count: number): Promise<void>;
  /** Starts to listen; answers what looks whether an event of a task has come. */
  listen(): Promise<(taskArn: string) => Promise<boolean>>;
}

/** What Longshore wants of ECS. */
export const ecsCapabilities = [
  {
    name: "task definitions with tags",
    isNeeded: true,
    try: async (world) => {
      await world.ecs.send(new CreateClusterCommand({ clusterName: world.cluster }));
      const arn = await define(world, "fargate");
      const { tags = [] } = await world.ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ["TAGS"] }),
      );
      see(tags[0]?.value === "probe", "its tags are not shown");
    },
  },
  {
    name: "task definitions newest first",
    try: async (world) => {
      const newest = [await define(world, "fargate"), await define(world, "fargate")].at(-1);
      const { taskDefinitionArns = [] } = await world.ecs.send(
        new ListTaskDefinitionsCommand({ familyPrefix: `${world.prefix}-fargate`, sort: "DESC" }),
      );
      see(taskDefinitionArns[0] === newest, "the first that is listed is not the last that was registered");
    },
  },
  {
    name: "RunTask on Fargate",
    isNeeded: true,
    try: async (world) => {
      const task = await runOne(world);
      await reaches(world, task, "RUNNING");
    },
  },
  {
    name: "a running task stays so",
    isNeeded: true,
    try: async (world) => {
      const task = await runOne(world);
      await reaches(world, task, "RUNNING");
      for (let look = 0; look < 5; look += 1) {
        const { lastStatus } = await shown(world, task);
        see(lastStatus === "RUNNING", `looked at ${look + 1} times, it is ${lastStatus}`);
      }
    },
  },
  {
    name: "versions that tell which sighting is later",
    isNeeded: true,
    try: async (world) => {
      const task = await runOne(world);
      const { version: first } = await reaches(world, task, "RUNNING");
      await world.ecs.send(new StopTaskCommand({ cluster: world.cluster, task, reason: "probe" }));
      const { version: last } = await reaches(world, task, "STOPPED");
      see(first !== undefined && last !== undefined, "a task has none");
      see((last ?? 0) > (first ?? 0), `${first} is followed by ${last}`);
    },
  },
  {
    name: "the reason of a stop",
    isNeeded: true,
    try: async (world) => {
      const task = await runOne(world);
      await world.ecs.send(new StopTaskCommand({ cluster: world.cluster, task, reason: "longshore: probe" }));
      const { stoppedReason, stopCode } = await reaches(world, task, "STOPPED");
      see(stoppedReason === "longshore: probe", `it is ${stoppedReason}`);
      see(stopCode === "UserInitiated", `with the code ${stopCode}`);
    },
  },
  {
    name: "the exit code of a stop",
    try: async (world) => {
      const task = await runOne(world);
      await reaches(world, task, "RUNNING");
      await world.ecs.send(new StopTaskCommand({ cluster: world.cluster, task, reason: "probe" }));
      const { containers = [] } = await reaches(world, task, "STOPPED");
      see(containers[0]?.exitCode === 143, `it is ${containers[0]?.exitCode} in place of 143`);
    },
  },
  {
    name: "a task on Fargate is on no container instance",
    try: async (world) => {
      const task = await reaches(world, await runOne(world), "RUNNING");
      see(task.containerInstanceArn === undefined, `it is on ${task.containerInstanceArn}`);
    },
  },
  {
    name: "a task that nobody knows is MISSING",
    isNeeded: true,
    try: async ({ ecs, cluster }) => {
      const { failures = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: ["0".repeat(32)] }));
      see(failures[0]?.reason === "MISSING", failures[0] ? `it is ${failures[0].reason}` : "it is no failure");
    },
  },
  {
    name: "a stop of a task that nobody knows is refused",
    try: async ({ ecs, cluster }) => {
      const refusal = await refusalOf(ecs.send(new StopTaskCommand({ cluster, task: "0".repeat(32) })));
      see(refusal === "InvalidParameterException", `refused with ${refusal}`);
    },
  },
  {
    name: "an unknown cluster is refused",
    try: async (world) => {
      const refusal = await refusalOf(run(world, { ...(await fargateCall(world)), cluster: `${world.prefix}-none` }));
      see(refusal === "ClusterNotFoundException", `refused with ${refusal}`);
    },
  },
  {
    name: "an unknown task definition is refused",
    try: async (world) => {
      const call = await fargateCall(world, `${world.prefix}-none:1`);
      const refusal = await refusalOf(run(world, call));
      see(/^(Client|InvalidParameter)Exception$/.test(refusal), `refused with ${refusal}`);
    },
  },
  {
    name: "more than ten tasks in a call are refused",
    try: async (world) => {
      const refusal = await refusalOf(run(world, { ...(await fargateCall(world)), count: 11 }));
      see(refusal === "InvalidParameterException", `refused with ${refusal}`);
    },
  },
  {
    name: "names that are none are refused",
    try: async ({ ecs }) => {
      const containerDefinitions = [{ name: "app", image: "app", memory: 64 }];
      const call = new RegisterTaskDefinitionCommand({ family: "not a family", containerDefinitions });
      const refusal = await refusalOf(ecs.send(call));
      see(refusal === "ClientException", `refused with ${refusal}`);
    },
  },
  {
    name: "clientToken replays the first answer",
    isNeeded: true,
    try: async (world) => {
      const input = { ...(await fargateCall(world)), clientToken: crypto.randomUUID() };
      const arns = [];
      for (const _ of ["first", "again"]) arns.push((await run(world, input))[0]?.taskArn);
      see(arns[0] === arns[1], "a second task is started");
    },
  },
  {
    name: "clientToken refuses another request",
    isNeeded: true,
    try: async (world) => {
      const input = { ...(await fargateCall(world)), clientToken: crypto.randomUUID() };
      await run(world, input);
      const refusal = await refusalOf(run(world, { ...input, count: 2 }));
      see(refusal === "ConflictException", `refused with ${refusal}`);
    },
  },
  {
    name: "container health",
    isNeeded: true,
    try: async (world) => {
      const task = await runOne(world, await define(world, "fargate", { health: true }));
      await reaches(world, task, "RUNNING");
      await seeWithin(10_000, async () => {
        const { healthStatus } = await shown(world, task);
        return healthStatus === "HEALTHY" ? undefined : `it is ${healthStatus ?? "not shown"}`;
      });
    },
  },
  {
    name: "task events",
    isNeeded: true,
    try: async (world) => {
      const arrived = await world.listen();
      const task = await runOne(world);
      await seeWithin(5_000, async () => ((await arrived(task)) ? undefined : "none of the task arrives"));
    },
  },
  {
    name: "container instances",
    isNeeded: true,
    try: async (world) => {
      await world.addMachines(2);
      const machines = await machinesOf(world);
      see(machines.length >= 2, `${machines.length} of 2 are listed`);
      see(
        machines.every(
          ({ registeredResources = [], version }) => registeredResources.length > 0 && version !== undefined,
        ),
        "they show no resources, or no version",
      );
    },
  },
  {
    name: "StartTask",
    try: async (world) => {
      const [machine] = await machinesOf(world);
      const { tasks = [] } = await world.ecs.send(
        new StartTaskCommand({
          cluster: world.cluster,
          taskDefinition: await define(world, "ec2"),
          containerInstances: [machine?.containerInstanceArn ?? "none"],
        }),
      );
      see(tasks.length === 1, `${tasks.length} of 1 tasks are started`);
    },
  },
  {
    name: "memberOf chooses the machine",
    isNeeded: true,
    try: async (world) => {
      const machines = await machinesOf(world);
      const wanted = machines.at(-1);
      for (let call = 0; call < 4; call += 1) {
        const [task] = await run(world, await ec2Call(world, wanted?.ec2InstanceId));
        const chosen = task?.containerInstanceArn;
        see(chosen === wanted?.containerInstanceArn, `${chosen} is chosen in place of ${wanted?.containerInstanceArn}`);
      }
      const nowhere = await ec2Call(world, "i-nobody");
      const { tasks = [] } = await world.ecs.send(new RunTaskCommand(nowhere));
      see(tasks.length === 0, "a machine that there is not is replaced by another");
    },
  },
  {
    name: "failures[] of what finds no room",
    isNeeded: true,
    try: async (world) => {
      const taskDefinition = await define(world, "ec2", { memoryMib: 1_500 });
      const { count: _, ...call } = await ec2Call(world);
      const all = { started: 0, failed: 0 };
      for (let calls = 0; calls < 4; calls += 1) {
        const answer = await world.ecs.send(new RunTaskCommand({ ...call, taskDefinition, count: 10 }));
        all.started += answer.tasks?.length ?? 0;
        all.failed += answer.failures?.length ?? 0;
      }
      see(all.failed > 0, `of 40 large tasks ${all.started} are started and none fails`);
      see(all.started + all.failed >= 40, `of 40 large tasks ${all.started} are started and ${all.failed} fail`);
    },
  },
] as const satisfies readonly Capability<EcsWorld>[];

interface Shape {
  readonly health?: boolean;
  readonly memoryMib?: number;
}

async function define(
  world: EcsWorld,
  on: "fargate" | "ec2",
  { health, memoryMib = 512 }: Shape = {},
): Promise<string> {
  const { taskDefinition } = await world.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: `${world.prefix}-${on}`,
      networkMode: on === "fargate" ? "awsvpc" : "bridge",
      requiresCompatibilities: [on === "fargate" ? "FARGATE" : "EC2"],
      ...(on === "fargate" && { cpu: "256", memory: String(memoryMib) }),
      containerDefinitions: [
        {
          name: "app",
          image: world.image,
          cpu: on === "fargate" ? 256 : 16,
          memory: memoryMib,
          essential: true,
          entryPoint: world.command.slice(0, 1),
          command: world.command.slice(1),
          ...(health && { healthCheck: { command: ["CMD", ...world.command.slice(0, 1), "-e", "0"], interval: 5 } }),
        },
      ],
      tags: [{ key: "longshore:revision", value: "probe" }],
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? "";
}

async function fargateCall(world: EcsWorld, taskDefinition?: string): Promise<RunTaskCommandInput> {
  return {
    cluster: world.cluster,
    taskDefinition: taskDefinition ?? (await define(world, "fargate")),
    launchType: "FARGATE",
    networkConfiguration: {
      awsvpcConfiguration: { subnets: world.subnets.slice(0, 1), securityGroups: [...world.securityGroups] },
    },
  };
}

async function ec2Call(world: EcsWorld, ec2InstanceId?: string): Promise<RunTaskCommandInput> {
  const expression = `ec2InstanceId == ${ec2InstanceId}`;
  return {
    cluster: world.cluster,
    taskDefinition: await define(world, "ec2", { memoryMib: 16 }),
    launchType: "EC2",
    count: 1,
    ...(ec2InstanceId && { placementConstraints: [{ type: "memberOf", expression }] }),
  };
}

async function run({ ecs }: EcsWorld, input: RunTaskCommandInput): Promise<readonly Task[]> {
  return (await ecs.send(new RunTaskCommand(input))).tasks ?? [];
}

/** Starts one on Fargate; answers its ARN. */
async function runOne(world: EcsWorld, taskDefinition?: string): Promise<string> {
  const tasks = await run(world, await fargateCall(world, taskDefinition));
  see(tasks.length === 1, `${tasks.length} of 1 tasks are started`);
  return tasks[0]?.taskArn ?? "";
}

async function shown({ ecs, cluster }: EcsWorld, task: string): Promise<Task> {
  return (await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }))).tasks?.[0] ?? {};
}

async function reaches(world: EcsWorld, task: string, status: string): Promise<Task> {
  let last: Task = {};
  await seeWithin(10_000, async () => {
    last = await shown(world, task);
    return last.lastStatus === status ? undefined : `it is ${last.lastStatus} and not ${status}`;
  });
  return last;
}

async function machinesOf({ ecs, cluster }: EcsWorld) {
  const { containerInstanceArns = [] } = await ecs.send(new ListContainerInstancesCommand({ cluster }));
  see(containerInstanceArns.length > 0, "the cluster has no machines");
  const request = { cluster, containerInstances: containerInstanceArns };
  return (await ecs.send(new DescribeContainerInstancesCommand(request))).containerInstances ?? [];
}
