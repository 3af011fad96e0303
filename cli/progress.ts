import { progressLine } from "./render/messages.ts";
import type { Session } from "./session.ts";

/** One line for each thing that is waited for. */
export interface Progress {
  /** @param generation Null: it is about no one generation. */
  show(name: string, generation: number | null, message: string): void;
  /** Leaves the lines as they are: what is written from now on stands below them. */
  end(): void;
}

/** On a terminal the lines stay in place and change; anywhere else each change is a line with its time. */
export function startProgress({ progress, nowMs }: Pick<Session, "progress" | "nowMs">): Progress {
  const lines = new Map<string, string>();
  let drawn = 0;

  const draw = () => {
    const up = drawn > 0 ? `\u001b[${drawn}A` : "";
    progress.write(up + [...lines.values()].map((line) => `\u001b[2K${line}\n`).join(""));
    drawn = lines.size;
  };
  return {
    show: (name, generation, message) => {
      const line = progressLine({ name, generation, message }, progress);
      if (lines.get(name) === line) return;
      lines.set(name, line);
      if (progress.isTerminal) draw();
      else progress.write(`${new Date(nowMs()).toISOString()} ${line}\n`);
    },
    end: () => {
      lines.clear();
      drawn = 0;
    },
  };
}
