import { readFileSync } from "node:fs";

/** The event that the README tells everybody to send. @throws Error when it shows none */
export function readmeEvent(): string {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const [, event] = /^```json event\n(.*?)^```$/ms.exec(readme) ?? [];
  if (event === undefined) throw new Error('README.md has no block that begins with "```json event"');
  return event;
}
