import type { Command } from "./commands.ts";

const patienceMs = 900;

interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/**
 * Finds the command whose keys have been pressed: one key, or two within 0.9 s. Returns a function that takes each
 * press with its time in milliseconds and answers with the command, or null.
 */
export function createKeySequence(): (press: KeyPress, at: number, commands: readonly Command[]) => Command | null {
  let before = { key: "", at: Number.NEGATIVE_INFINITY };
  return (press, at, commands) => {
    if (press.altKey) return null;
    const mod = press.ctrlKey || press.metaKey;
    const key = mod ? `mod+${press.key.toLowerCase()}` : press.key;
    const sequence = !mod && at - before.at <= patienceMs ? `${before.key} ${key}` : null;
    before = { key, at };
    const found = commands.find(({ keys }) => keys === sequence) ?? commands.find(({ keys }) => keys === key);
    if (found) before = { key: "", at: Number.NEGATIVE_INFINITY };
    return found ?? null;
  };
}
