import type { Style } from "./style.ts";

export interface TableOptions {
  /** Columns, by number, that are flush right: figures. */
  right?: readonly number[];
}

/** Rows under dim headings, each column as wide as its widest cell; two blanks between, none at the end of a line. */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
  { right = [] }: TableOptions = {},
): string {
  const widths = headings.map((heading, column) =>
    Math.max(visibleLength(heading), ...rows.map((row) => visibleLength(row[column] ?? ""))),
  );
  const line = (cells: readonly string[], paint = (text: string) => text) =>
    cells
      .map((cell, column) => {
        const blanks = " ".repeat((widths[column] ?? 0) - visibleLength(cell));
        return right.includes(column) ? blanks + paint(cell) : paint(cell) + blanks;
      })
      .join("  ")
      .trimEnd();
  return [line(headings, style.dim), ...rows.map((row) => line(row))].join("\n");
}

/** Length without SGR sequences. */
function visibleLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with a control character
  return text.replace(/\u001b\[\d+m/g, "").length;
}
