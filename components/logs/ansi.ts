/** How a piece of text looks: what Select Graphic Rendition (ECMA-48, 8.3.117) has set. Colours are CSS. */
export interface Style {
  color?: string;
  background?: string;
  bold?: true;
  dim?: true;
  italic?: true;
  underline?: true;
  inverse?: true;
}

/** A piece of a line in one style; `start` is where it stands in the raw text, `text` is free of control characters. */
export interface Span {
  start: number;
  text: string;
  style: Style;
}

const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
const paletteColor = (index: number) => `var(--terminal-${index > 7 ? "bright-" : ""}${names[index % 8]})`;

/**
 * CSI sequences (with their parameters and final byte), OSC and other strings, and single controls. A sequence that is
 * cut off by the end of the line is taken whole.
 */
const control =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
  /\x1b\[([0-9:;<=>?]*)[ -/]*([@-~]|$)|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|\x1b[ -/]*[0-~]?|[\x00-\x08\x0a-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** Splits a line into styled pieces. Colours are kept, every other control sequence is left out. */
export function parseAnsi(line: string): Span[] {
  const spans: Span[] = [];
  let style: Style = {};
  let from = 0;
  const push = (to: number) => {
    if (to > from) spans.push({ start: from, text: line.slice(from, to), style });
  };
  for (const match of line.matchAll(control)) {
    push(match.index);
    if (match[2] === "m") style = applySgr(style, match[1] ?? "");
    from = match.index + match[0].length;
  }
  push(line.length);
  return spans;
}

function applySgr(before: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number);
  let style = before;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [color, used] = extendedColor(codes.slice(at + 1));
      if (color) style = { ...style, [code === 38 ? "color" : "background"]: color };
      at += used;
    } else style = applyCode(style, code);
  }
  return style;
}

function applyCode(style: Style, code: number): Style {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 7) return { ...style, inverse: true };
  if (code === 22) return without(style, "bold", "dim");
  if (code === 23) return without(style, "italic");
  if (code === 24) return without(style, "underline");
  if (code === 27) return without(style, "inverse");
  if (code === 39) return without(style, "color");
  if (code === 49) return without(style, "background");
  if (code >= 30 && code <= 37) return { ...style, color: paletteColor(code - 30) };
  if (code >= 40 && code <= 47) return { ...style, background: paletteColor(code - 40) };
  if (code >= 90 && code <= 97) return { ...style, color: paletteColor(code - 82) };
  if (code >= 100 && code <= 107) return { ...style, background: paletteColor(code - 92) };
  return style;
}

function without(style: Style, ...keys: (keyof Style)[]): Style {
  const next = { ...style };
  for (const key of keys) delete next[key];
  return next;
}

/** The colour that follows 38 or 48, and how many codes it took: `5;N` of 256, or `2;R;G;B`. */
function extendedColor([kind, ...rest]: number[]): [color: string | null, used: number] {
  if (kind === 5) return [indexedColor(rest[0] ?? 0), 2];
  if (kind === 2) return [`rgb(${rest.slice(0, 3).map(byte).join(" ")})`, 4];
  return [null, 1];
}

function indexedColor(index: number): string {
  if (index < 16) return paletteColor(index);
  if (index >= 232)
    return `rgb(${Array(3)
      .fill(8 + (byte(index) - 232) * 10)
      .join(" ")})`;
  const cube = index - 16;
  const level = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`;
}

function byte(value: number): number {
  return Math.min(255, Math.max(0, Math.trunc(value) || 0));
}
