import { EcsError } from "./api.ts";
import { invalidParameter } from "./errors.ts";
import type { RunInput } from "./inputs.ts";
import type { Ecs, TokenState } from "./state.ts";
import { isLive } from "./state.ts";
import { type Json, taskJson } from "./wire.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * What a RunTask with this token was answered, as its tasks look now: those that have stopped with no more than ARN and
 * statuses. Undefined: the token is new or has expired, so the request counts as a first one.
 *
 * @throws EcsError ConflictException with the ARNs in `resourceIds`: the token came with another request.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 */
export function replay(ecs: Ecs, cluster: string, input: RunInput): Json | undefined {
  forgetOldTokens(ecs);
  if (input.clientToken === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,64}$/.test(input.clientToken)) {
    throw invalidParameter(
      `clientToken must be 1 to 64 visible ASCII characters, got ${JSON.stringify(input.clientToken)}`,
    );
  }
  const known = ecs.state.tokens.get(tokenKey(cluster, input.clientToken));
  if (known === undefined || expiryMs(ecs, known) <= ecs.options.nowMs()) return undefined;
  if (known.request !== canonical(cluster, input)) {
    throw new EcsError("ConflictException", `The client token ${input.clientToken} was used with another request.`, {
      fields: { resourceIds: known.taskArns },
    });
  }
  return { tasks: known.taskArns.map((arn) => replayed(ecs, arn)), failures: known.failures };
}

/** Keeps what a request with a token was answered. */
export function remember(
  ecs: Ecs,
  cluster: string,
  input: RunInput,
  answer: Pick<TokenState, "taskArns" | "failures">,
): void {
  if (input.clientToken === undefined) return;
  const key = tokenKey(cluster, input.clientToken);
  ecs.state.tokens.delete(key);
  ecs.state.tokens.set(key, { ...answer, request: canonical(cluster, input), atMs: ecs.options.nowMs() });
}

/** A token lives for 24 h, or for an hour after the last of its tasks stopped, if that is sooner. */
function expiryMs(ecs: Ecs, token: TokenState): number {
  const tasks = token.taskArns.map((arn) => ecs.state.tasks.get(arn));
  if (tasks.some((task) => task && isLive(task))) return token.atMs + dayMs;
  const lastStop = Math.max(
    token.taskArns.length === 0 ? token.atMs : 0,
    ...tasks.map((task) => task?.stoppedAtMs ?? 0),
  );
  return Math.min(token.atMs + dayMs, lastStop + hourMs);
}

function replayed(ecs: Ecs, arn: string): Json {
  const task = ecs.state.tasks.get(arn);
  if (task !== undefined && isLive(task)) return taskJson(ecs, task, ["TAGS"]);
  return { taskArn: arn, lastStatus: "STOPPED", desiredStatus: "STOPPED" };
}

function forgetOldTokens(ecs: Ecs): void {
  for (const [key, token] of ecs.state.tokens) {
    if (token.atMs + dayMs > ecs.options.nowMs()) return;
    ecs.state.tokens.delete(key);
  }
}

function tokenKey(cluster: string, token: string): string {
  return `${cluster} ${token}`;
}

/** The request as text that is equal for equal requests, whatever the order of members. */
function canonical(cluster: string, { clientToken: _, ...input }: RunInput): string {
  return JSON.stringify(sorted({ ...input, cluster }));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, sorted(member)]));
}
