/** `a`, `a or b`, `a, b or c`; of no words `nothing`. */
export function orList(words: readonly string[]): string {
  const last = words.at(-1) ?? "nothing";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
