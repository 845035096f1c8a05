import { InvalidArgumentError } from "commander";

/** What leaves a container running and its terminal, as Docker writes it. */
export const defaultDetachKeys = "ctrl-p,ctrl-q";

/**
 * A sequence of keys, commas between: `ctrl-` and a letter or one of @[\]^_, or a character by itself. Returns the
 * bytes that a terminal sends for them.
 */
export function parseDetachKeys(text: string): number[] {
  return text.split(",").map((key) => {
    const [, control] = /^ctrl-([a-z@[\\\]^_])$/i.exec(key) ?? [];
    if (control) return control.toUpperCase().charCodeAt(0) & 0x1f;
    if (/^[\x21-\x7e]$/.test(key)) return key.charCodeAt(0);
    throw new InvalidArgumentError(`'${key}' is no key: it must be as in ${defaultDetachKeys} or ctrl-a,d.`);
  });
}

/**
 * Looks for the sequence in what is typed. `push` returns the bytes to pass on and whether the sequence came; what may
 * be its beginning is held back until the next byte tells what it was.
 */
export function createDetachKeys(sequence: readonly number[]): {
  push(bytes: Uint8Array): { rest: Uint8Array; detach: boolean };
} {
  let held: number[] = [];
  return {
    push(bytes) {
      const rest: number[] = [];
      for (const byte of bytes) {
        held.push(byte);
        while (held.length > 0 && held.some((value, at) => value !== sequence[at])) {
          rest.push(...held.splice(0, 1));
        }
        if (held.length === sequence.length) {
          held = [];
          return { rest: Uint8Array.from(rest), detach: true };
        }
      }
      return { rest: Uint8Array.from(rest), detach: false };
    },
  };
}
