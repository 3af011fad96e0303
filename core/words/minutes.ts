import { plural } from "./plural.ts";

/** `7 minutes`: as many as are over. */
export function minutes(ms: number): string {
  return plural(Math.floor(ms / 60_000), "minute");
}
