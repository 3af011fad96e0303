import type { ContainerOrder } from "../sim/ecs/api.ts";

/** One line that a container wrote, as CloudWatch Logs keeps it. */
export interface LogEvent {
  /** Counts the lines of all streams, from 1: the order in which they came. */
  readonly id: number;
  readonly stream: string;
  readonly atMs: number;
  readonly message: string;
}

/** Where the log driver `awslogs` writes what a container says. */
interface LogStream {
  readonly group: string;
  readonly stream: string;
}

/** The log groups of CloudWatch Logs, as far as containers write to them. */
export interface LogGroups {
  /** Makes a group and a stream known, and answers what takes its lines. */
  open(where: LogStream): (line: string) => void;
  /** Every kept line of the streams that are meant, in the order in which they came; undefined: no such group. */
  read(group: string, isMeant: (stream: string) => boolean): readonly LogEvent[] | undefined;
}

const linesPerStream = 10_000;
const charactersPerStream = 1_000_000;
const streamsKept = 400;

interface Kept {
  readonly group: string;
  readonly events: LogEvent[];
  characters: number;
}

/**
 * Keeps the last 10,000 lines, and no more than a million characters, of each of the last 400 streams.
 * @param existing Groups that are there before anything is written to them.
 */
export function logGroups(existing: readonly string[] = [], nowMs: () => number = Date.now): LogGroups {
  const groups = new Set(existing);
  const streams = new Map<string, Kept>();
  let lines = 0;
  return {
    open: ({ group, stream }) => {
      groups.add(group);
      const key = `${group} ${stream}`;
      const kept = streams.get(key) ?? { group, events: [], characters: 0 };
      streams.set(key, kept);
      const [oldest] = streams.keys();
      if (streams.size > streamsKept && oldest !== undefined) streams.delete(oldest);
      return (message) => {
        lines += 1;
        append(kept, { id: lines, stream, atMs: nowMs(), message });
      };
    },
    read: (group, isMeant) => {
      if (!groups.has(group)) return undefined;
      const found = [...streams.values()].filter((kept) => kept.group === group).flatMap(({ events }) => events);
      return found.filter(({ stream }) => isMeant(stream)).sort((a, b) => a.id - b.id);
    },
  };
}

function append(kept: Kept, event: LogEvent): void {
  kept.events.push(event);
  kept.characters += event.message.length;
  while (kept.events.length > linesPerStream || kept.characters > charactersPerStream)
    kept.characters -= kept.events.shift()?.message.length ?? 0;
}

/**
 * The stream that a container's log options name: `<prefix>/<container>/<task>`. Undefined: it has another driver, or no
 * prefix; then ECS calls the stream as the machine's Docker calls the container, which nobody knows here.
 */
export function logStreamOf({ taskArn, container, logs }: ContainerOrder): LogStream | undefined {
  const { "awslogs-group": group, "awslogs-stream-prefix": prefix } = logs?.options ?? {};
  if (logs?.driver !== "awslogs" || !group || !prefix) return undefined;
  return { group, stream: `${prefix}/${container}/${taskArn.slice(taskArn.lastIndexOf("/") + 1)}` };
}
