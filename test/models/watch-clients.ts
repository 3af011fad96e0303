import { Client } from "@smithy/core/client";
import { enter } from "./ledger.ts";
import { modelOf } from "./model.ts";
import type { ServiceName } from "./operations.ts";
import { validateRequest } from "./validate.ts";

/** As the clients of the SDK are called. */
const services: Readonly<Record<string, ServiceName>> = {
  CloudFormationClient: "cloudformation",
  CloudWatchLogsClient: "logs",
  DynamoDBClient: "dynamodb",
  ECSClient: "ecs",
  ElasticLoadBalancingV2Client: "elbv2",
  SQSClient: "sqs",
};

/** What of a client is touched here; its own types are those of one service. */
interface Watched {
  readonly middlewareStack: Stack;
}

interface Stack {
  add(
    middleware: (next: Next, context: Context) => Next,
    options: { readonly step: "build"; readonly name: string },
  ): void;
}

interface Context {
  readonly clientName?: string;
  readonly commandName?: string;
}

type Next = (args: { readonly input: unknown }) => Promise<unknown>;
type Send = (this: Watched, ...args: unknown[]) => unknown;

/** Every SDK's client compares what it sends, from its first request on, however it was made. */
export function watchClients(): void {
  const prototype = Client.prototype as unknown as { send: Send & { readonly isWatched?: true } };
  const { send } = prototype;
  if (send.isWatched) return;
  const watched = new WeakSet<Stack>();
  const sendWatched: Send = function (...args) {
    if (!watched.has(this.middlewareStack)) watch(this.middlewareStack);
    watched.add(this.middlewareStack);
    return send.apply(this, args);
  };
  prototype.send = Object.assign(sendWatched, { isWatched: true } as const);
}

/** After serialization: by then the input is what the service is told, marshalled where a client marshals. */
function watch(stack: Stack): void {
  const compare = ({ clientName = "", commandName = "" }: Context, input: unknown) => {
    const service = services[clientName];
    const operation = commandName.replace(/Command$/, "");
    // What tests alone send is theirs: that each operation of ours is in a model has a test of its own.
    if (!service || !Object.hasOwn(modelOf(service).operations, operation)) return;
    enter(validateRequest({ service, operation }, input));
  };
  stack.add(
    (next, context) => (args) => {
      compare(context, args.input);
      return next(args);
    },
    { step: "build", name: "longshoreModels" },
  );
}
