import { printJson } from "./output.ts";
import { type Style, styleFor } from "./style.ts";
import { formatTable } from "./table.ts";

/** A column of a list: its heading, and what stands in the cell of a row. Figures are flush right. */
export interface Column<T> {
  heading: string;
  cell(row: T, style: Style): string;
  right?: boolean;
}

/** Rows as a table for people. */
export function tableOf<T>(columns: readonly Column<T>[], rows: readonly T[], style: Style): string {
  return formatTable(
    columns.map(({ heading }) => heading),
    rows.map((row) => columns.map((column) => column.cell(row, style))),
    style,
    { right: columns.flatMap((column, at) => (column.right ? [at] : [])) },
  );
}

/** Prints rows as a JSON array, or as a table, or says in words that there are none. */
export function printRows<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  { json, empty }: { json: boolean | undefined; empty: string },
): void {
  if (json) printJson(rows);
  else console.log(rows.length === 0 ? empty : tableOf(columns, rows, styleFor(process.stdout)));
}
