import { unicodeEscape } from "../words/escaped.ts";
import { maxTextBytes } from "./limits.ts";

/** Why no document may hold a text, as the rest of a sentence; undefined: it may. With `lines`, line feeds and tabs are allowed. */
export function flawOf(text: string, { lines }: { readonly lines: boolean }): string | undefined {
  const bytes = text.length > maxTextBytes ? text.length : byteLength(text);
  if (bytes > maxTextBytes) return `must be at most ${maxTextBytes} bytes, got ${bytes}`;
  if (!text.isWellFormed()) return "must be well-formed Unicode, but half of a surrogate pair is missing";
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (isControl(unit) && !(lines && (unit === 9 || unit === 10))) {
      return `must hold no control characters, got ${unicodeEscape(text.charAt(index))} at ${index}`;
    }
  }
  return undefined;
}

/** C0, DEL and C1. */
function isControl(unit: number): boolean {
  return unit < 0x20 || (unit >= 0x7f && unit <= 0x9f);
}

/** Length of a text as UTF-8. Each half of a surrogate pair counts two of its four bytes. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
    bytes += unit < 0x80 ? 1 : unit < 0x800 || isSurrogate ? 2 : 3;
  }
  return bytes;
}
