/** A modifier that was tapped: for the next key, or until it is tapped again. */
export type Sticky = "off" | "once" | "locked";
export interface Modifiers {
  ctrl: Sticky;
  alt: Sticky;
}

export const noModifiers: Modifiers = { ctrl: "off", alt: "off" };

/** Off, for one key, locked, off. */
export function nextSticky(sticky: Sticky): Sticky {
  return sticky === "off" ? "once" : sticky === "once" ? "locked" : "off";
}

/** What stays after a key was sent. */
export function afterKey({ ctrl, alt }: Modifiers): Modifiers {
  return { ctrl: ctrl === "locked" ? ctrl : "off", alt: alt === "locked" ? alt : "off" };
}

export const touchKeys = [
  { name: "Esc", label: "Esc", sequence: "\x1b" },
  { name: "Tab", label: "Tab", sequence: "\t" },
  { name: "Left", label: "←", final: "D" },
  { name: "Up", label: "↑", final: "A" },
  { name: "Down", label: "↓", final: "B" },
  { name: "Right", label: "→", final: "C" },
  { name: "Home", label: "Home", final: "H" },
  { name: "End", label: "End", final: "F" },
  { name: "PgUp", label: "PgUp", tilde: 5 },
  { name: "PgDn", label: "PgDn", tilde: 6 },
] as const;
export type TouchKey = (typeof touchKeys)[number];

/**
 * What a terminal sends for a key (xterm, "PC-style function keys"): cursor keys have a form of their own while the
 * program has asked for application mode, and with modifiers a number that says which.
 */
export function sequenceOf(key: TouchKey, { ctrl, alt }: Modifiers, applicationMode: boolean): string {
  const modifier = 1 + (alt === "off" ? 0 : 2) + (ctrl === "off" ? 0 : 4);
  if ("sequence" in key) return alt === "off" ? key.sequence : `\x1b${key.sequence}`;
  if ("tilde" in key) return modifier === 1 ? `\x1b[${key.tilde}~` : `\x1b[${key.tilde};${modifier}~`;
  if (modifier > 1) return `\x1b[1;${modifier}${key.final}`;
  return applicationMode ? `\x1bO${key.final}` : `\x1b[${key.final}`;
}

/** Typed text with the modifiers worked in: Ctrl makes a control character of a letter, Alt puts ESC in front. */
export function modify(text: string, { ctrl, alt }: Modifiers): string {
  const [char] = text;
  if (char === undefined || text.length !== char.length) return text;
  const upper = char.toUpperCase();
  const controlled =
    ctrl !== "off" && upper >= "@" && upper <= "_" ? String.fromCharCode(upper.charCodeAt(0) & 31) : char;
  return alt === "off" ? controlled : `\x1b${controlled}`;
}
