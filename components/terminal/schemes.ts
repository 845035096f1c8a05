import type { ITheme } from "@xterm/xterm";

interface Scheme {
  label: string;
  /** Background, foreground, cursor, selection. */
  base: readonly [string, string, string, string];
  /** Black, red, green, yellow, blue, magenta, cyan, white; then the bright ones. */
  ansi: readonly string[];
}

export const schemeNames = [
  "page",
  "contrast",
  "solarized-light",
  "solarized-dark",
  "nord",
  "gruvbox",
  "dracula",
] as const;
export type SchemeName = (typeof schemeNames)[number];

const solarized = [
  ["#073642", "#dc322f", "#859900", "#b58900", "#268bd2", "#d33682", "#2aa198", "#eee8d5"],
  ["#002b36", "#cb4b16", "#586e75", "#657b83", "#839496", "#6c71c4", "#93a1a1", "#fdf6e3"],
].flat();

/** Colours that terminals have by their own names, as their authors published them. */
export const schemes: Record<Exclude<SchemeName, "page">, Scheme> = {
  contrast: {
    label: "High contrast",
    base: ["#000000", "#ffffff", "#ffff00", "#3a5bd9"],
    ansi: [
      ["#000000", "#ff5c5c", "#4be34b", "#ffe14d", "#75a8ff", "#ff8cff", "#4fe8e8", "#e6e6e6"],
      ["#8f8f8f", "#ff8a8a", "#87f587", "#ffee99", "#a8c8ff", "#ffb8ff", "#99f5f5", "#ffffff"],
    ].flat(),
  },
  "solarized-light": {
    label: "Solarized Light",
    base: ["#fdf6e3", "#586e75", "#586e75", "#eee8d5"],
    ansi: solarized,
  },
  "solarized-dark": {
    label: "Solarized Dark",
    base: ["#002b36", "#93a1a1", "#93a1a1", "#0b4453"],
    ansi: solarized,
  },
  nord: {
    label: "Nord",
    base: ["#2e3440", "#d8dee9", "#d8dee9", "#4c566a"],
    ansi: [
      ["#3b4252", "#bf616a", "#a3be8c", "#ebcb8b", "#81a1c1", "#b48ead", "#88c0d0", "#e5e9f0"],
      ["#7b88a1", "#bf616a", "#a3be8c", "#ebcb8b", "#81a1c1", "#b48ead", "#8fbcbb", "#eceff4"],
    ].flat(),
  },
  gruvbox: {
    label: "Gruvbox",
    base: ["#282828", "#ebdbb2", "#ebdbb2", "#504945"],
    ansi: [
      ["#282828", "#cc241d", "#98971a", "#d79921", "#458588", "#b16286", "#689d6a", "#a89984"],
      ["#928374", "#fb4934", "#b8bb26", "#fabd2f", "#83a598", "#d3869b", "#8ec07c", "#ebdbb2"],
    ].flat(),
  },
  dracula: {
    label: "Dracula",
    base: ["#282a36", "#f8f8f2", "#f8f8f2", "#44475a"],
    ansi: [
      ["#21222c", "#ff5555", "#50fa7b", "#f1fa8c", "#bd93f9", "#ff79c6", "#8be9fd", "#f8f8f2"],
      ["#6272a4", "#ff6e6e", "#69ff94", "#ffffa5", "#d6acff", "#ff92df", "#a4ffff", "#ffffff"],
    ].flat(),
  },
};

const ansiNames = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;
const brightNames = [
  "brightBlack",
  "brightRed",
  "brightGreen",
  "brightYellow",
  "brightBlue",
  "brightMagenta",
  "brightCyan",
  "brightWhite",
] as const;

/** A scheme as xterm takes it. */
export function toTheme({ base: [background, foreground, cursor, selection], ansi }: Scheme): ITheme {
  const theme: ITheme = {
    background,
    foreground,
    cursor,
    cursorAccent: background,
    selectionBackground: selection,
    scrollbarSliderBackground: `${foreground}26`,
    scrollbarSliderHoverBackground: `${foreground}4d`,
    scrollbarSliderActiveBackground: `${foreground}4d`,
  };
  [...ansiNames, ...brightNames].forEach((name, index) => {
    const color = ansi[index];
    if (color) theme[name] = color;
  });
  return theme;
}
