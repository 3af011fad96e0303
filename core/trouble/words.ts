/** `7 minutes`: as many as are over. */
export function minutes(ms: number): string {
  return plural(Math.floor(ms / 60_000), "minute");
}

/** `1 message`, `3 messages`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}
