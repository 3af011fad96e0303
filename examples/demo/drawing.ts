/** How far a task has come: on its way to serving, serving, on its way out, or failing its health checks. */
export type Looks = "starts" | "serves" | "leaves" | "unhealthy";

/** In the order in which they are drawn. */
const glyphs: Readonly<Record<Looks, string>> = { serves: "█", starts: "░", leaves: "▒", unhealthy: "✗" };

/** What the signs of `drawVersions` mean. */
export const legend = (Object.keys(glyphs) as Looks[]).map((looks) => `${glyphs[looks]} ${looks}`).join("   ");

/** A task as it is drawn. */
export interface DrawnTask {
  readonly version: string;
  readonly looks: Looks;
}

const order = Object.keys(glyphs);

/**
 * The tasks of each version side by side, one sign a task: `v1 ███▒     v2 █░`.
 * @param columns Signs that each version has room for.
 */
export function drawVersions(versions: readonly string[], tasks: readonly DrawnTask[], columns: number): string {
  const cells = versions.map((version) => {
    const own = tasks
      .filter((task) => task.version === version)
      .toSorted((a, b) => order.indexOf(a.looks) - order.indexOf(b.looks));
    return `${version} ${own.map(({ looks }) => glyphs[looks]).join("")}`.padEnd(version.length + 1 + columns);
  });
  return cells.join("   ").trimEnd();
}

/** A backlog, and who works on it. */
export interface Backlog {
  readonly messages: number;
  /** Tasks that run. */
  readonly running: number;
  /** Tasks that do not run yet, or that stop. */
  readonly moving: number;
}

const messagesPerSign = 20;

/** A bar of the messages and one sign a task: `460 messages ███████   10 tasks ▮▮▮▮▮▮▮▮▮▯`. */
export function drawBacklog({ messages, running, moving }: Backlog, most: number): string {
  const bar = "█".repeat(Math.ceil(messages / messagesPerSign)).padEnd(Math.ceil(most / messagesPerSign));
  const count = running + moving;
  const tasks = `${String(count).padStart(2)} ${count === 1 ? "task " : "tasks"}`;
  const drawing = `${String(messages).padStart(4)} messages ${bar}  ${tasks} ${"▮".repeat(running)}${"▯".repeat(moving)}`;
  return drawing.trimEnd();
}
