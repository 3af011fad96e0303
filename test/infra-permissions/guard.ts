import { type Clients, clientsFrom } from "../../aws/clients.ts";
import type { FunctionName } from "../../infra/names.ts";
import { type Action, actions, type Facts, type Input } from "./actions.ts";
import { type Ask, type Decision, evaluate, type Statement } from "./evaluate.ts";

/** What a function asked IAM for, to send one command, and what it was answered. */
export interface Call {
  readonly by: FunctionName;
  /** Such as `RunTask`. */
  readonly command: string;
  readonly input: Input;
  readonly asked: readonly { readonly ask: Ask; readonly decision: Decision }[];
}

/** A function's clients, and the role that they act in. */
export interface GuardOptions {
  readonly name: FunctionName;
  readonly statements: readonly Statement[];
  readonly environment: Readonly<Record<string, string>>;
  readonly facts: Facts;
  /** Told of each call before it is sent, or refused. */
  readonly onCall: (call: Call) => void;
}

interface Stack {
  add(
    middleware: (next: Next, context: { readonly commandName?: string }) => Next,
    options: { readonly step: "build"; readonly name: string },
  ): void;
}
type Next = (args: { readonly input: unknown }) => Promise<unknown>;

/** The clients that a function is built with, which IAM asks before each call: what its role does not allow is refused as AWS does. */
export function guardedClients(options: GuardOptions): Clients {
  const clients = clientsFrom(options.environment);
  const { dynamodb, sqs, ecs, elb } = clients;
  for (const { middlewareStack } of [dynamodb, sqs, ecs.calls, ecs.reads, elb.calls, elb.reads])
    guard(middlewareStack as unknown as Stack, options);
  return clients;
}

function guard(stack: Stack, { name, statements, facts, onCall }: GuardOptions): void {
  stack.add(
    (next, { commandName = "" }) =>
      (args) => {
        const command = commandName.replace(/Command$/, "");
        const call = judged({ by: name, command, input: args.input as Input }, statements, facts);
        onCall(call);
        const refused = call.asked.find(({ decision }) => !decision.allowed);
        return refused ? Promise.reject(accessDenied(name, refused.ask)) : next(args);
      },
    { step: "build", name: "guard" },
  );
}

/** What a role is answered, for each thing that a command asks for. */
function judged(call: Pick<Call, "by" | "command" | "input">, statements: readonly Statement[], facts: Facts): Call {
  const asked = actionOf(call.command)
    .asks(call.input, facts)
    .map((ask) => ({ ask, decision: evaluate(statements, ask) }));
  return { ...call, asked };
}

/** @throws Error for a command that nobody said what it asks for */
function actionOf(command: string): Action {
  const action = actions[command];
  if (!action) throw new Error(`test/infra-permissions/actions.ts does not say what ${command} asks for`);
  return action;
}

/** As the SDK throws what AWS answers to whoever is not allowed to. */
function accessDenied(name: FunctionName, { action, resource }: Ask): Error {
  const message = `${name} is not authorized to perform ${action} on resource ${resource}`;
  const metadata = { httpStatusCode: action.startsWith("elasticloadbalancing:") ? 403 : 400, attempts: 1 };
  return Object.assign(new Error(message), {
    name: "AccessDeniedException",
    $fault: "client",
    $metadata: metadata,
  });
}
