const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `90s`, `5m`, `1h` or `500ms`; undefined: it is none of these, or longer than a day. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,8})(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(count) * (units[unit] ?? Number.NaN);
  return ms > 0 && ms <= 24 * 3_600_000 ? ms : undefined;
}

/** A time as `parseDuration` reads it, in the largest unit that it is a whole number of. */
export function durationText(ms: number): string {
  const unit = Object.keys(units).findLast((each) => ms % (units[each] ?? 1) === 0) ?? "ms";
  return `${ms / (units[unit] ?? 1)}${unit}`;
}
