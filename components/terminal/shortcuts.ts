/** What a key asks of the page instead of the container. */
export type Command =
  | "copy"
  | "find"
  | "new-shell"
  | "split-right"
  | "split-down"
  | "close"
  | "bigger"
  | "smaller"
  | "normal-size"
  | "focus-left"
  | "focus-right"
  | "focus-up"
  | "focus-down"
  | "leave"
  | "maximize"
  | `tab-${number}`;

interface Key {
  key: string;
  code: string;
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

const withCtrlShift: Record<string, Command> = {
  c: "copy",
  f: "find",
  enter: "new-shell",
  d: "split-right",
  e: "split-down",
  x: "close",
  m: "leave",
  z: "maximize",
  arrowleft: "focus-left",
  arrowright: "focus-right",
  arrowup: "focus-up",
  arrowdown: "focus-down",
};
const withCtrl: Record<string, Command> = { "+": "bigger", "=": "bigger", "-": "smaller", "0": "normal-size" };

/** The page's command that a key means; null for one that belongs to the container. Shells leave Ctrl-Shift alone. */
export function commandOf({ key, code, ctrlKey, shiftKey, altKey, metaKey }: Key): Command | null {
  if (!ctrlKey || altKey || metaKey) return null;
  if (key === "+") return "bigger";
  if (!shiftKey) return withCtrl[key] ?? null;
  const digit = /^Digit([1-9])$/.exec(code)?.[1];
  if (digit) return `tab-${Number(digit)}`;
  return withCtrlShift[key.toLowerCase()] ?? null;
}

/** The keys, for people. */
export const shortcutHelp: readonly { keys: string; does: string }[] = [
  { keys: "Ctrl Shift C", does: "Copy the selection" },
  { keys: "Ctrl Shift V", does: "Paste" },
  { keys: "Ctrl Shift F", does: "Find" },
  { keys: "Ctrl Shift ↵", does: "New shell in a tab" },
  { keys: "Ctrl Shift D", does: "Split to the right" },
  { keys: "Ctrl Shift E", does: "Split downwards" },
  { keys: "Ctrl Shift X", does: "Close the shell" },
  { keys: "Ctrl Shift ←", does: "Go to the pane beside (↑ → ↓ likewise)" },
  { keys: "Ctrl Shift 1", does: "Go to the first tab (2 to 9 likewise)" },
  { keys: "Ctrl Shift Z", does: "Fill the window, and back" },
  { keys: "Ctrl Shift M", does: "Leave the terminal for the buttons above it" },
  { keys: "Ctrl +", does: "Larger (− smaller, 0 as it was)" },
];
