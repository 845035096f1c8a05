/** Functions that wrap text in SGR sequences, or leave it as it is. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
  blue(text: string): string;
  magenta(text: string): string;
}

const wrap = (on: boolean, start: number, end: number) => (text: string) =>
  on ? `\u001b[${start}m${text}\u001b[${end}m` : text;

/** Colours where the stream is a terminal and NO_COLOR (https://no-color.org) is not set. */
export function styleFor(
  stream: { isTTY?: boolean },
  environment: Record<string, string | undefined> = process.env,
): Style {
  const on = stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
  return {
    bold: wrap(on, 1, 22),
    dim: wrap(on, 2, 22),
    red: wrap(on, 31, 39),
    green: wrap(on, 32, 39),
    yellow: wrap(on, 33, 39),
    cyan: wrap(on, 36, 39),
    blue: wrap(on, 34, 39),
    magenta: wrap(on, 35, 39),
  };
}
