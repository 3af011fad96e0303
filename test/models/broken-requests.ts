const task = "arn:aws:ecs:us-east-1:000000000000:task/main/0123456789abcdef0123456789abcdef";
const targetGroup = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/0123456789abcdef";
const queue = "http://127.0.0.1/000000000000/work";
const definition = {
  family: "web",
  memory: "512",
  containerDefinitions: [{ name: "app", image: "web:1" }],
};
const withContainer = (change: object) => ({
  ...definition,
  containerDefinitions: [{ ...definition.containerDefinitions[0], ...change }],
});
const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: "" }));

/** A request that AWS refuses, and what is said of it. */
interface BrokenRequest {
  /** `service Operation` */
  readonly of: string;
  readonly request: object;
  readonly says: string;
}

/** Each rule of the models, and each documented limit, broken by a request. */
export const brokenRequests: readonly BrokenRequest[] = [
  // What models carry.
  { of: "ecs RunTask", request: {}, says: "taskDefinition is required" },
  { of: "ecs RunTask", request: { taskDefinition: undefined }, says: "taskDefinition is required" },
  { of: "ecs RunTask", request: { taskDefinition: 7 }, says: "taskDefinition must be a text, got 7" },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", amount: 2 },
    says: "amount is no member that the service knows",
  },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", launchType: "EKS" },
    says: "launchType must be one of EC2, FARGATE",
  },
  { of: "ecs RunTask", request: { taskDefinition: "a:1", count: 1.5 }, says: "count must be a whole number, got 1.5" },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", tags: tags(51) },
    says: "tags must have 0 to 50 entries, got 51",
  },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", tags: [{ key: "", value: "" }] },
    says: "tags[0].key must have 1 to 128 characters, got 0",
  },
  { of: "ecs RunTask", request: { taskDefinition: "a:1", tags: [{ key: "a;b" }] }, says: "tags[0].key must match" },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", overrides: { containerOverrides: [{ nickname: "app" }] } },
    says: "overrides.containerOverrides[0].nickname is no member",
  },
  { of: "ecs DescribeTasks", request: { tasks: task }, says: "tasks must be a list" },
  {
    of: "ecs RegisterTaskDefinition",
    request: withContainer({ essential: "yes" }),
    says: "essential must be true or false",
  },
  {
    of: "elbv2 RegisterTargets",
    request: { TargetGroupArn: targetGroup, Targets: [{ Port: 80 }] },
    says: "Targets[0].Id is required",
  },
  {
    of: "elbv2 RegisterTargets",
    request: { TargetGroupArn: targetGroup, Targets: [{ Id: "10.0.0.1", Port: 65_536 }] },
    says: "Targets[0].Port must be 1 to 65535, got 65536",
  },
  {
    of: "dynamodb GetItem",
    request: { TableName: "", Key: {} },
    says: "TableName must have 1 to 1024 characters, got 0",
  },
  { of: "logs FilterLogEvents", request: { logGroupName: "/a", limit: 0 }, says: "limit must be 1 to 10000, got 0" },
  {
    of: "cloudformation DescribeStacks",
    request: { NextToken: "" },
    says: "NextToken must have 1 to 1024 characters, got 0",
  },
  // What AWS's pages say besides.
  { of: "ecs RunTask", request: { taskDefinition: "a:1", count: 11 }, says: "count must be 1 to 10, got 11" },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", clientToken: "t".repeat(65) },
    says: "clientToken must be 1 to 64",
  },
  { of: "ecs RunTask", request: { taskDefinition: "a:1", clientToken: "a b" }, says: "clientToken must be 1 to 64" },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", startedBy: "s".repeat(129) },
    says: "startedBy must be up to 128",
  },
  { of: "ecs RunTask", request: { taskDefinition: "a:1", startedBy: "a.b" }, says: "startedBy must be up to 128" },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", group: "g".repeat(256) },
    says: "group must be 0 to 255, got 256",
  },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", launchType: "EC2", capacityProviderStrategy: [{ capacityProvider: "a" }] },
    says: "capacityProviderStrategy must not stand beside launchType",
  },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", propagateTags: "SERVICE" },
    says: "propagateTags must not be SERVICE",
  },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", overrides: { taskRoleArn: "r".repeat(8192) } },
    says: "overrides must be 0 to 8192",
  },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", placementConstraints: Array(11).fill({ type: "distinctInstance" }) },
    says: "placementConstraints must be 0 to 10, got 11",
  },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", placementConstraints: [{ type: "memberOf", expression: "e".repeat(2001) }] },
    says: "placementConstraints must have expressions of at most 2000 characters",
  },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", placementStrategy: Array(6).fill({ type: "random" }) },
    says: "placementStrategy must be 0 to 5, got 6",
  },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", launchType: "FARGATE", placementStrategy: [{ type: "random" }] },
    says: "launchType must not be FARGATE",
  },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", networkConfiguration: { awsvpcConfiguration: { subnets: [] } } },
    says: "awsvpcConfiguration.subnets must be 1 to 16, got 0",
  },
  {
    of: "ecs RunTask",
    request: {
      taskDefinition: "a:1",
      networkConfiguration: { awsvpcConfiguration: { subnets: ["a"], securityGroups: Array(6).fill("sg") } },
    },
    says: "awsvpcConfiguration.securityGroups must be 0 to 5, got 6",
  },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", tags: [{ key: "AWS:a" }] },
    says: "tags must not begin with aws:",
  },
  {
    of: "ecs RunTask",
    request: { taskDefinition: "a:1", tags: [{ key: "a" }, { key: "a" }] },
    says: "tags must have keys of their own",
  },
  { of: "ecs DescribeTasks", request: { tasks: [] }, says: "tasks must be 1 to 100, got 0" },
  { of: "ecs DescribeTasks", request: { tasks: Array(101).fill(task) }, says: "tasks must be 1 to 100, got 101" },
  {
    of: "ecs DescribeContainerInstances",
    request: { containerInstances: Array(101).fill("i") },
    says: "containerInstances must be 1 to 100, got 101",
  },
  {
    of: "ecs DescribeClusters",
    request: { clusters: Array(101).fill("c") },
    says: "clusters must be 0 to 100, got 101",
  },
  { of: "ecs ListTasks", request: { maxResults: 101 }, says: "maxResults must be 1 to 100, got 101" },
  {
    of: "ecs ListTasks",
    request: { startedBy: "a", desiredStatus: "STOPPED" },
    says: "startedBy must be the only filter",
  },
  { of: "ecs CreateCluster", request: { clusterName: "a b" }, says: "clusterName must be 1 to 255" },
  { of: "ecs RegisterTaskDefinition", request: { ...definition, family: "a.b" }, says: "family must be 1 to 255" },
  {
    of: "ecs RegisterTaskDefinition",
    request: { ...definition, containerDefinitions: [] },
    says: "containerDefinitions must be 1 to 10, got 0",
  },
  {
    of: "ecs RegisterTaskDefinition",
    request: withContainer({ environment: [{ name: "A", value: "v".repeat(65_536) }] }),
    says: "must be 0 to 65536",
  },
  { of: "ecs RegisterTaskDefinition", request: withContainer({ name: "a.b" }), says: "[].name must be 1 to 255" },
  { of: "ecs RegisterTaskDefinition", request: withContainer({ image: "" }), says: "[].image must be 1 to 255, got 0" },
  { of: "ecs RegisterTaskDefinition", request: { ...definition, memory: undefined }, says: "[].memory must be given" },
  {
    of: "ecs RegisterTaskDefinition",
    request: withContainer({ memory: 64, memoryReservation: 65 }),
    says: "[].memoryReservation must not be more than memory",
  },
  { of: "ecs RegisterTaskDefinition", request: withContainer({ stopTimeout: -1 }), says: "[].stopTimeout must be 0" },
  {
    of: "ecs RegisterTaskDefinition",
    request: { ...withContainer({ portMappings: [{ containerPort: 80, hostPort: 81 }] }), networkMode: "awsvpc" },
    says: "[].portMappings must have equal host and container ports",
  },
  {
    of: "ecs RegisterTaskDefinition",
    request: withContainer({ environmentFiles: Array(11).fill({ value: "arn:aws:s3:::a/b", type: "s3" }) }),
    says: "[].environmentFiles must be 0 to 10, got 11",
  },
  ...[
    { member: "interval", value: 4, bounds: "5 to 300" },
    { member: "timeout", value: 61, bounds: "2 to 60" },
    { member: "retries", value: 0, bounds: "1 to 10" },
    { member: "startPeriod", value: 301, bounds: "0 to 300" },
  ].map(({ member, value, bounds }) => ({
    of: "ecs RegisterTaskDefinition",
    request: withContainer({ healthCheck: { command: ["CMD", "true"], [member]: value } }),
    says: `[].healthCheck.${member} must be ${bounds}, got ${value}`,
  })),
  {
    of: "ecs RegisterTaskDefinition",
    request: { ...definition, cpu: "127" },
    says: "cpu must be 128 to 196608, got 127",
  },
  {
    of: "ecs RegisterTaskDefinition",
    request: { ...definition, requiresCompatibilities: ["FARGATE"], networkMode: "awsvpc", cpu: "256", memory: "768" },
    says: "cpu must be a size that Fargate has, got 256 CPU units and 768 MiB",
  },
  {
    of: "ecs RegisterTaskDefinition",
    request: { ...definition, requiresCompatibilities: ["FARGATE"], networkMode: "host", cpu: "256" },
    says: "networkMode must be awsvpc on Fargate",
  },
  {
    of: "ecs RegisterTaskDefinition",
    request: { ...definition, ephemeralStorage: { sizeInGiB: 201 } },
    says: "ephemeralStorage.sizeInGiB must be 20 to 200, got 201",
  },
  {
    of: "ecs RegisterTaskDefinition",
    request: { ...definition, placementConstraints: Array(11).fill({ type: "memberOf" }) },
    says: "placementConstraints must be 0 to 10, got 11",
  },
  { of: "elbv2 CreateTargetGroup", request: { Name: "-web" }, says: "Name must be 1 to 32" },
  { of: "elbv2 CreateLoadBalancer", request: { Name: "internal-web" }, says: "Name must be 1 to 32" },
  {
    of: "elbv2 DeregisterTargets",
    request: { TargetGroupArn: targetGroup, Targets: [] },
    says: "Targets must name at least one",
  },
  {
    of: "logs FilterLogEvents",
    request: { logGroupName: "/a", logStreamNames: ["a"], logStreamNamePrefix: "a" },
    says: "logStreamNamePrefix must not stand beside logStreamNames",
  },
  { of: "sqs SendMessageBatch", request: { QueueUrl: queue, Entries: [] }, says: "Entries must be 1 to 10, got 0" },
  {
    of: "sqs SendMessageBatch",
    request: {
      QueueUrl: queue,
      Entries: [
        { Id: "1", MessageBody: "a" },
        { Id: "1", MessageBody: "b" },
      ],
    },
    says: "Entries[].Id must be different in each entry",
  },
  {
    of: "sqs SendMessageBatch",
    request: { QueueUrl: queue, Entries: [{ Id: "a.b", MessageBody: "a" }] },
    says: "Entries[].Id must be 1 to 80",
  },
  {
    of: "sqs SendMessage",
    request: { QueueUrl: queue, MessageBody: "" },
    says: "MessageBody must be 1 to 1048576, got 0",
  },
  {
    of: "sqs SendMessageBatch",
    request: {
      QueueUrl: queue,
      Entries: [
        { Id: "1", MessageBody: "a".repeat(600_000) },
        { Id: "2", MessageBody: "a".repeat(600_000) },
      ],
    },
    says: "Entries must be 0 to 1048576, got 1200000",
  },
  {
    of: "sqs SendMessage",
    request: { QueueUrl: queue, MessageBody: "a\u0000" },
    says: "MessageBody must have no control",
  },
  {
    of: "sqs SendMessage",
    request: { QueueUrl: queue, MessageBody: "a", DelaySeconds: 901 },
    says: "DelaySeconds must be 0 to 900",
  },
  {
    of: "sqs SendMessage",
    request: { QueueUrl: `${queue}.fifo`, MessageBody: "a", MessageGroupId: "g", DelaySeconds: 1 },
    says: "DelaySeconds must not be given for a FIFO queue",
  },
  {
    of: "sqs SendMessage",
    request: { QueueUrl: `${queue}.fifo`, MessageBody: "a" },
    says: "MessageGroupId is required",
  },
  {
    of: "sqs SendMessage",
    request: { QueueUrl: queue, MessageBody: "a", MessageGroupId: "g".repeat(129) },
    says: "MessageGroupId must be 1 to 128",
  },
  {
    of: "sqs SendMessage",
    request: { QueueUrl: queue, MessageBody: "a", MessageDeduplicationId: "a b" },
    says: "MessageDeduplicationId must be 1 to 128",
  },
  {
    of: "sqs ReceiveMessage",
    request: { QueueUrl: queue, MaxNumberOfMessages: 11 },
    says: "MaxNumberOfMessages must be 1 to 10",
  },
  {
    of: "sqs ReceiveMessage",
    request: { QueueUrl: queue, WaitTimeSeconds: 21 },
    says: "WaitTimeSeconds must be 0 to 20",
  },
  {
    of: "sqs ReceiveMessage",
    request: { QueueUrl: queue, VisibilityTimeout: 43_201 },
    says: "VisibilityTimeout must be 0 to 43200",
  },
  { of: "sqs CreateQueue", request: { QueueName: "a.b" }, says: "QueueName must be 1 to 80" },
  {
    of: "sqs CreateQueue",
    request: { QueueName: "a", Attributes: { MessageRetentionPeriod: "59" } },
    says: "Attributes must have MessageRetentionPeriod of 60 to 1209600, got 59",
  },
  {
    of: "dynamodb PutItem",
    request: { TableName: "aaa", Item: { partition: { S: "a" }, text: { S: "a".repeat(409_600) } } },
    says: "Item must be 0 to 409600",
  },
  {
    of: "dynamodb PutItem",
    request: { TableName: "aaa", Item: { partition: { S: "a" }, deep: nested(33) } },
    says: "Item must be nested at most 32 deep",
  },
  {
    of: "dynamodb GetItem",
    request: { TableName: "aaa", Key: {}, ProjectionExpression: "a".repeat(4097) },
    says: "must be 0 to 4096, got 4097",
  },
  {
    of: "dynamodb UpdateItem",
    request: {
      TableName: "aaa",
      Key: {},
      UpdateExpression: "SET #a = :a",
      ExpressionAttributeValues: { ":a": { S: "" } },
    },
    says: "ExpressionAttributeNames must be those that the expressions use: #a",
  },
  {
    of: "dynamodb UpdateItem",
    request: {
      TableName: "aaa",
      Key: {},
      UpdateExpression: "SET a = :a",
      ExpressionAttributeValues: { ":a": { S: "" }, ":b": { S: "" } },
    },
    says: "ExpressionAttributeValues must be those that the expressions use: :b",
  },
  {
    of: "dynamodb GetItem",
    request: { TableName: "aaa", Key: { partition: { S: "" }, sort: { S: "a" } } },
    says: "Key partition must be 1 to 2048, got 0 bytes",
  },
];

function nested(depth: number): object {
  return depth === 0 ? { S: "" } : { M: { a: nested(depth - 1) } };
}
