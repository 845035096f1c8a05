const shellSyntax = /[|&;<>()$`*?[\]{}~#!\n]/;

/**
 * A command line as a person types it, as an argument vector.
 *
 * Words are split at blanks; single quotes, double quotes and backslashes work as in a shell.
 * A text with unquoted shell syntax (`a; b`, `a | b`, `$HOME`, `*.c`) becomes `/bin/sh -c TEXT`.
 * Returns the vector, or a message that says why the text is no command.
 */
export function parseCommand(text: string): string[] | string {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === "'" || char === '"') {
      const quoted = readQuoted(text, at);
      if (!quoted) return `the quote ${char} at character ${at + 1} is never closed`;
      if (char === '"' && /[$`]/.test(quoted.value)) return inShell(text);
      word = (word ?? "") + quoted.value;
      at = quoted.end;
    } else if (char === "\\") {
      word = (word ?? "") + text.charAt(at + 1);
      at += 2;
    } else if (shellSyntax.test(char)) {
      return inShell(text);
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
    } else {
      word = (word ?? "") + char;
      at += 1;
    }
  }
  if (word !== null) words.push(word);
  return words.length > 0 ? words : "must name a program";
}

function inShell(text: string): string[] {
  return ["/bin/sh", "-c", text];
}

function readQuoted(text: string, start: number): { value: string; end: number } | null {
  const quote = text.charAt(start);
  let value = "";
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === quote) return { value, end: at + 1 };
    if (quote === '"' && char === "\\" && /["\\$`]/.test(text.charAt(at + 1))) {
      at += 1;
      value += text.charAt(at);
    } else {
      value += char;
    }
  }
  return null;
}

/** An argument vector as one line that a shell, and {@link parseCommand}, read back as the same words. */
export function formatCommand(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
