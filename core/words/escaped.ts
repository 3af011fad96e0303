const shownCharacters = 60;

/** What a terminal or a page may take for more than text, beyond what JSON escapes: C1 controls, invisible and bidirectional marks. */
const treacherous = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Untrusted text as it may stand in a message: shortened to 60 characters, everything but plain text escaped. */
export function escaped(text: string): string {
  const short = text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
  return JSON.stringify(short).slice(1, -1).replace(treacherous, unicodeEscape);
}

/** One character as JSON would escape it: `\u001b`. */
export function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
