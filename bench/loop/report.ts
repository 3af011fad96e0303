/** One figure with what it is to be compared with. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Quota, lower bound, goal or peer beside it. */
  readonly bound: string;
}

/** The figures of one question, by the size they were measured at. */
export interface Section {
  readonly title: string;
  /** What was assumed, and what is what. */
  readonly notes: readonly string[];
  readonly columns: readonly { readonly size: string; readonly figures: readonly Figure[] }[];
}

/** A plain table: a row for each figure, a column for each size. */
export function table({ title, notes, columns }: Section): string {
  const names = [...new Set(columns.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  const rows = names.map((name) => rowOf(name, columns));
  const head = ["", ...columns.map(({ size }) => size), "bound"];
  const widths = head.map((_, index) => Math.max(...[head, ...rows].map((row) => (row[index] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) =>
        (index === 0 || index === row.length - 1 ? cell.padEnd : cell.padStart).call(cell, widths[index] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [title, ...notes.map((note) => `  ${note}`), ...[head, ...rows].map((row) => `  ${line(row)}`), ""].join("\n");
}

function rowOf(name: string, columns: Section["columns"]): readonly string[] {
  const found = columns.map(({ figures }) => figures.find((figure) => figure.name === name));
  const [first] = found.filter((figure) => figure !== undefined);
  const cells = found.map((figure) => (figure === undefined ? "" : shown(figure)));
  const bounds = [...new Set(found.flatMap((figure) => figure?.bound ?? []))];
  return [name, ...cells, first === undefined ? "" : bounds.join(" / ")];
}

function shown({ value, unit }: Figure): string {
  const digits = Number.isInteger(value) || value >= 1_000 ? 0 : value >= 100 ? 1 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`.trimEnd();
}
