import type { FunctionName } from "../../infra/names.ts";
import { actions } from "./actions.ts";
import type { Derivation } from "./derive.ts";
import { evaluate, isOnResource, type Statement } from "./evaluate.ts";
import type { Call } from "./guard.ts";

/** What Lambda does in a function's own name: it hands over the messages of its queue, and writes its lines. */
const byLambda = {
  source: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
  always: ["logs:CreateLogStream", "logs:PutLogEvents"],
} as const;

/** The commands that a function's code may send. */
export function commandsOf({ commands, portMethodsOf }: Derivation, name: FunctionName): ReadonlySet<string> {
  const methods = [...portMethodsOf(`lambdas/${name}.ts`)];
  return new Set(methods.flatMap((method) => [...(commands.get(method) ?? [])]));
}

/** The actions that a function needs: its code's, and Lambda's in its name. */
export function neededActions(commands: Iterable<string>, hasQueue: boolean): ReadonlySet<string> {
  const needed = [...commands].flatMap((command) => {
    const action = actions[command];
    if (!action) throw new Error(`test/infra-permissions/actions.ts does not say what ${command} asks for`);
    return action.needs;
  });
  return new Set([...needed, ...byLambda.always, ...(hasQueue ? byLambda.source : [])]);
}

/** Where a policy and what its function needs differ, both ways, in words; none: they are the same. */
export function differences(statements: readonly Statement[], needed: ReadonlySet<string>): readonly string[] {
  const allowed = new Set(statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => Action));
  return [
    ...[...needed].filter((action) => !allowed.has(action)).map((action) => `${action} is needed and not allowed`),
    ...[...allowed].filter((action) => !needed.has(action)).map((action) => `${action} is allowed and not needed`),
  ].toSorted();
}

/** What no call made use of: an action of a statement, or one of its resources. */
export function unused(statements: readonly Statement[], calls: readonly Call[], source?: string): readonly string[] {
  const asks = calls.flatMap(({ asked }) => asked).map(({ ask }) => ask);
  return statements
    .filter((statement) => !isLambdas(statement, source))
    .flatMap((statement) => {
      const its = asks.filter((ask) => evaluate([statement], ask).allowed);
      const actionsLeft = statement.Action.filter((action) => !its.some((ask) => ask.action === action));
      const resourcesLeft = statement.Resource.filter(
        (resource) => !its.some((ask) => isOnResource({ Resource: [resource] }, ask)),
      );
      return [...actionsLeft, ...resourcesLeft.map((resource) => `${statement.Action.join(", ")} on ${resource}`)];
    });
}

/** What code uses of nothing: Lambda does, in the function's name. */
function isLambdas({ Action, Resource }: Statement, source: string | undefined): boolean {
  const isSource = Resource.every((resource) => resource === source);
  const allowed: readonly string[] = isSource ? byLambda.source : byLambda.always;
  return Action.every((action) => allowed.includes(action));
}
