import type { Log, LogEntry } from "../core/ports/log.ts";

/** A log that keeps what is written, oldest first. */
export interface MemoryLog extends Log {
  readonly entries: readonly LogEntry[];
}

/** An empty one. */
export function memoryLog(): MemoryLog {
  const entries: LogEntry[] = [];
  return { entries, write: (entry) => void entries.push(entry) };
}
