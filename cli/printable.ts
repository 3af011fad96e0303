/** One JSON document. Characters that a terminal would obey are escaped. */
export function json(value: unknown): string {
  return `${harmless(JSON.stringify(value, undefined, 2))}\n`;
}

/** One JSON document in one line, in the same way. */
export function jsonLine(value: unknown): string {
  return `${harmless(JSON.stringify(value))}\n`;
}

/** Text from elsewhere as a terminal may show it: in one line, with nothing that the terminal obeys. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapes);
}

function harmless(document: string): string {
  return document.replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, escapes);
}

function escapes(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
}
