import type { LogQuery } from "../aws/logs.ts";
import type { ServiceKey } from "../core/model/ids.ts";
import type { RevisionRecord, TaskRecord } from "../core/model/records.ts";
import type { Container } from "../core/model/task-template.ts";
import { CommandError } from "./command-error.ts";
import { exit } from "./exit-codes.ts";

/** Where one container of a service logs. */
export interface LogSource extends Omit<LogQuery, "fromMs"> {
  readonly container: string;
  /** Tasks whose lines are meant; `all`: nobody else writes streams that begin so. */
  readonly tasks: ReadonlySet<string> | "all";
}

/** Whose lines are meant; absent: everybody's. */
export interface LogFilter {
  /** The start of a task's id. */
  readonly task?: string;
  readonly container?: string;
}

/** What is known of a service whose lines are meant. */
export interface Logged {
  readonly key: ServiceKey;
  readonly revisions: readonly RevisionRecord[];
  readonly tasks: readonly TaskRecord[];
}

/**
 * Where the containers of a service log, those of earlier revisions too, as long as these are on record.
 * @throws CommandError when there is no such task or container, or none of them logs where it can be read.
 */
export function logSources({ key, revisions, tasks }: Logged, filter: LogFilter): readonly LogSource[] {
  const task = filter.task === undefined ? undefined : taskNamed(key, tasks, filter.task);
  const containers = containersOf(revisions, task, filter.container);
  if (containers.length === 0 && revisions.length > 0) throw noContainer(key, revisions, filter.container);
  const sources = new Map<string, LogSource>();
  for (const container of containers) {
    const source = sourceOf(key, container, task ? [task] : tasks, task?.taskId);
    if (source) sources.set([source.region, source.group, source.streamPrefix].join(" "), source);
  }
  const [first] = containers;
  if (sources.size === 0 && first) throw unreadable(key, first);
  return [...sources.values()];
}

function taskNamed(key: ServiceKey, tasks: readonly TaskRecord[], start: string): TaskRecord {
  const [found, ...others] = tasks.filter(({ taskId }) => taskId.startsWith(start.replace(/…$/, "")));
  if (found && others.length === 0) return found;
  const why = found ? `is the start of ${others.length + 1} tasks; name more of it` : "is no task";
  const advice = found ? "" : `; longshore get tasks ${key} shows those that run`;
  throw new CommandError(exit.refused, `${JSON.stringify(start)} ${why} of ${key}${advice}`);
}

/** Those of the latest generation first: what is wrong is told of them. */
function containersOf(
  revisions: readonly RevisionRecord[],
  task: TaskRecord | undefined,
  name: string | undefined,
): readonly Container[] {
  return revisions
    .filter(({ revision }) => task?.revision === undefined || revision === task.revision)
    .toSorted((a, b) => b.generation - a.generation)
    .flatMap(({ content }) => content.task.containers)
    .filter((container) => name === undefined || container.name === name);
}

function sourceOf(
  key: ServiceKey,
  { name, logs }: Container,
  tasks: readonly TaskRecord[],
  taskId = "",
): LogSource | undefined {
  const {
    "awslogs-group": group,
    "awslogs-region": region,
    "awslogs-stream-prefix": prefix,
  } = logs?.driver === "awslogs" ? logs.options : {};
  if (!group || !region || !prefix) return undefined;
  // Below our own default prefix are this service's tasks alone; below another may be anybody's.
  const isOwn = prefix === key && taskId === "";
  const known = new Set<string>(tasks.map((task) => task.taskId));
  return {
    region,
    group,
    streamPrefix: `${prefix}/${name}/${taskId}`,
    container: name,
    tasks: isOwn ? "all" : known,
  };
}

function noContainer(key: ServiceKey, revisions: readonly RevisionRecord[], name: string | undefined): CommandError {
  const names = [...new Set(containersOf(revisions, undefined, undefined).map((container) => container.name))];
  return new CommandError(
    exit.refused,
    `container must be one of ${key}, which are ${names.join(", ")}, got ${JSON.stringify(name)}`,
  );
}

/** Why a container's lines cannot be read. */
function unreadable(key: ServiceKey, { name, logs }: Container): CommandError {
  const [driver, options] = [logs?.driver, logs?.options ?? {}];
  const missing = ["awslogs-group", "awslogs-region", "awslogs-stream-prefix"].find((option) => !options[option]);
  const why =
    driver === undefined
      ? "names no log driver, and the install has no log group"
      : driver === "awslogs"
        ? `has the log driver awslogs without the option ${missing}`
        : `has the log driver ${driver}`;
  const advice = "longshore logs reads what awslogs wrote, so give it that driver, or read its lines where they are";
  return new CommandError(exit.refused, `container ${name} of ${key} ${why}; ${advice}`);
}
