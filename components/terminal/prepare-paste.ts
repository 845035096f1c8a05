/** More than this is for the Files tab. */
export const maxPasteBytes = 64 * 1024 * 1024;

const bracket = { open: "\x1b[200~", close: "\x1b[201~" };
const encoder = new TextEncoder();

export interface Paste {
  bytes: Uint8Array;
  /** What ends its bracket; also when it is broken off. */
  closing: Uint8Array;
}

/**
 * A text as a terminal types it: lines end with CR, and where the program has asked for it brackets tell it apart from
 * typing. Escape characters are taken out there: a text could close its bracket itself, and what follows would run.
 */
export function preparePaste(text: string, bracketed: boolean): Paste {
  const lines = text.replace(/\r?\n/g, "\r");
  if (!bracketed) return { bytes: encoder.encode(lines), closing: new Uint8Array() };
  return { bytes: encoder.encode(bracket.open + lines.replaceAll("\x1b", "")), closing: encoder.encode(bracket.close) };
}
