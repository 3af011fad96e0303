import type { Output } from "./session.ts";

/** What rendering has to know of where its text goes. */
export type Look = Pick<Output, "columns" | "hasColours">;

type Colour = "red" | "green" | "yellow" | "grey";

const sequences: Readonly<Record<Colour, number>> = { red: 31, green: 32, yellow: 33, grey: 90 };

const words: Readonly<Record<string, Colour>> = {
  live: "green",
  deleted: "green",
  accepted: "green",
  RUNNING: "green",
  HEALTHY: "green",
  "rolled back": "red",
  failed: "red",
  refused: "red",
  superseded: "red",
  "timed out": "red",
  "no place": "red",
  degraded: "red",
  UNHEALTHY: "red",
  "backing off": "yellow",
  "rolling out": "yellow",
  "rolling back": "yellow",
  "rollout paused": "yellow",
  deleting: "yellow",
  paused: "yellow",
  "!": "yellow",
};

/** A cell that is nothing but a status, with the blanks that fill it: in the colour of its last word. */
export function paintStatus(cell: string, look: Look): string {
  const colours = cell
    .trimEnd()
    .split(", ")
    .map((word) => words[word]);
  const colour = colours.includes(undefined) ? undefined : colours.at(-1);
  return colour ? paint(cell, colour, look) : cell;
}

/** A word that stands for a state. */
export function paintWord(word: string, look: Look): string {
  return paint(word, words[word.split(", ").at(-1) ?? ""] ?? "yellow", look);
}

/** A text in a colour, where there are any. */
export function paint(text: string, colour: Colour, { hasColours }: Look): string {
  return hasColours ? `\u001b[${sequences[colour]}m${text}\u001b[0m` : text;
}
