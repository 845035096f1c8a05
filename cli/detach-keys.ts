const controlP = 0x10;
const controlQ = 0x11;

/**
 * Looks for Ctrl-P Ctrl-Q in what is typed. `push` returns the bytes to pass on and whether the sequence came; a
 * Ctrl-P at the end is held back until the next byte tells what it was.
 */
export function createDetachKeys(): { push(bytes: Uint8Array): { rest: Uint8Array; detach: boolean } } {
  let held = false;
  return {
    push(bytes) {
      const rest: number[] = [];
      for (const byte of bytes) {
        if (held && byte === controlQ) return { rest: Uint8Array.from(rest), detach: true };
        if (held) rest.push(controlP);
        held = byte === controlP;
        if (!held) rest.push(byte);
      }
      return { rest: Uint8Array.from(rest), detach: false };
    },
  };
}
