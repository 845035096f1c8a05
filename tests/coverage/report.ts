/** A file, the number of its lines with code, and which of them have not run. */
export interface FileCoverage {
  path: string;
  lines: number;
  missed: number[];
}

const total = (files: readonly FileCoverage[]) => ({
  lines: files.reduce((sum, file) => sum + file.lines, 0),
  missed: files.reduce((sum, file) => sum + file.missed.length, 0),
});

/** In percent, down to a tenth: what is said to be reached has been. */
export function percentage(files: readonly FileCoverage[]): number {
  const { lines, missed } = total(files);
  return lines === 0 ? 0 : Math.floor((1000 * (lines - missed)) / lines) / 10;
}

/** The figure in a line, and a line for each of the files with the most that has not run. */
export function describeCoverage(language: string, files: readonly FileCoverage[], atMost = 20): string {
  const worst = [...files].sort((a, b) => b.missed.length - a.missed.length).slice(0, atMost);
  return [
    `${language}: ${percentage(files).toFixed(1)} % of ${total(files).lines} lines`,
    ...worst
      .filter(({ missed }) => missed.length > 0)
      .map((file) => {
        const missed = String(file.missed.length).padStart(6);
        return `${missed} not run, ${percentage([file]).toFixed(1).padStart(5)} %  ${file.path}`;
      }),
  ].join("\n");
}

/** Every line that has not run, as `PATH: 3-5, 9`. */
export function listMissed(files: readonly FileCoverage[]): string {
  return files
    .filter(({ missed }) => missed.length > 0)
    .map(({ path, missed }) => `${path}: ${spans(missed).join(", ")}\n`)
    .join("");
}

/** Neighbours drawn together; the numbers are in order. */
function spans(lines: readonly number[]): string[] {
  const found: [number, number][] = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last && last[1] === line - 1) last[1] = line;
    else found.push([line, line]);
  }
  return found.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`));
}
