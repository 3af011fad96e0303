const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `90s`, `5m`, `1h` or `500ms`; undefined: it is none of these, or longer than a day. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,8})(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(count) * (units[unit] ?? Number.NaN);
  return ms > 0 && ms <= 24 * 3_600_000 ? ms : undefined;
}
