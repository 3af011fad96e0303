/** Text in columns, with what it may take of the line. */
export interface TableOptions {
  /** Characters in a line. */
  readonly columns: number;
  /** Before each line. */
  readonly indent?: string;
  /** What does not fit in the last column goes on below, rather than being cut. */
  readonly wrapLast?: boolean;
  /** Columns that are left out, one after the other, while the line is too narrow: by their index. */
  readonly expendable?: readonly number[];
  /** Colours a whole cell once its width is settled. */
  readonly paint?: (text: string) => string;
}

const gap = "  ";
const narrowest = 6;
/** A column that wraps stays wide enough to read. */
const narrowestWrapped = 30;

/**
 * Lays rows out in columns, each as wide as its widest cell; where they do not fit, what is expendable is left out, and then
 * the widest column gives way first.
 */
export function table(all: readonly (readonly string[])[], options: TableOptions): string {
  const { columns, indent = "", wrapLast = false } = options;
  const rows = withoutExpendable(all, options);
  const widths = widthsOf(rows);
  const room = columns - indent.length - gap.length * (widths.length - 1);
  const last = widths.length - 1;
  if (wrapLast)
    widths[last] = Math.min(widths[last] ?? 0, Math.max(narrowestWrapped, room - sum(widths.slice(0, last))));
  narrow(widths, room);
  return rows
    .flatMap((row) => (wrapLast ? wrapped(row, last, widths[last] ?? 0) : [row]))
    .map((row) => `${line(row, widths, options)}\n`)
    .join("");
}

/** Leaves out no more columns than it takes for the rest to fit. */
function withoutExpendable(
  all: readonly (readonly string[])[],
  { columns, indent = "", wrapLast = false, expendable = [] }: TableOptions,
): readonly (readonly string[])[] {
  const choices = Array.from({ length: expendable.length + 1 }, (_, count) => {
    const out = expendable.slice(0, count);
    return all.map((row) => row.filter((_text, column) => !out.includes(column)));
  });
  const fits = (rows: readonly (readonly string[])[]) => {
    const widths = widthsOf(rows);
    const last = widths.at(-1) ?? 0;
    const least = wrapLast ? Math.min(last, narrowestWrapped) : last;
    return indent.length + sum(widths.slice(0, -1)) + least + gap.length * (widths.length - 1) <= columns;
  };
  return choices.find(fits) ?? choices.at(-1) ?? all;
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: count }, (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
}

/** Cuts a text to a width, and shows that it did. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

function line(
  row: readonly string[],
  widths: readonly number[],
  { indent = "", paint = (text) => text }: TableOptions,
): string {
  const cells = row.map((text, column) => paint(cut(text, widths[column] ?? 0).padEnd(widths[column] ?? 0)));
  return `${indent}${cells.join(gap)}`.trimEnd();
}

/** The row, and rows below it with what is left of its last cell. */
function wrapped(row: readonly string[], last: number, width: number): readonly (readonly string[])[] {
  const [first = "", ...others] = wordsWithin(row[last] ?? "", width);
  return [[...row.slice(0, last), first], ...others.map((other) => [...row.slice(0, last).map(() => ""), other])];
}

function wordsWithin(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const joined = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && joined.length <= width) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}

/** Takes from the widest column what is too much, but leaves each wide enough to tell something. */
function narrow(widths: number[], room: number): void {
  let excess = sum(widths) - room;
  while (excess > 0) {
    const [widest = 0, next = 0] = widths.toSorted((a, b) => b - a);
    if (widest <= narrowest) return;
    const less = Math.min(excess, Math.max(1, widest - Math.max(next, narrowest)));
    widths[widths.indexOf(widest)] = widest - less;
    excess -= less;
  }
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
}
