import type { ITheme } from "@xterm/xterm";

const colors = [
  "background",
  "foreground",
  "cursor",
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
] as const;

const bright = ["Black", "Red", "Green", "Yellow", "Blue", "Magenta", "Cyan", "White"] as const;

/** xterm's colours, from the design tokens as they stand for the theme that is shown now. */
export function readPalette(host: HTMLElement): ITheme {
  const probe = document.createElement("span");
  host.append(probe);
  const token = (name: string): string => {
    probe.style.color = `var(--terminal-${name})`;
    return getComputedStyle(probe).color;
  };
  const theme: ITheme = {
    selectionBackground: token("selection"),
    cursorAccent: token("background"),
    scrollbarSliderBackground: token("scrollbar"),
    scrollbarSliderHoverBackground: token("scrollbar-hover"),
    scrollbarSliderActiveBackground: token("scrollbar-hover"),
  };
  for (const name of colors) theme[name] = token(name);
  for (const name of bright) theme[`bright${name}`] = token(`bright-${name.toLowerCase()}`);
  probe.remove();
  return theme;
}

/** Calls back whenever the page changes between light and dark. Returns the call that ends it. */
export function onThemeChange(changed: () => void): () => void {
  const media = window.matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(changed);
  media.addEventListener("change", changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    media.removeEventListener("change", changed);
    observer.disconnect();
  };
}
