/** The size of this process's terminal in cells; 80 by 24 where there is none, or one that does not know (0 by 0). */
export function terminalSize(): { cols: number; rows: number } {
  const { columns, rows } = process.stdout;
  return { cols: columns || 80, rows: rows || 24 };
}
