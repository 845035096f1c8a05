interface LineInputOptions {
  send(bytes: Uint8Array): void;
  end(): void;
  echo(text: string): void;
}

/**
 * Input for a program that reads a pipe: no terminal edits or echoes its lines, so this does. Enter sends the line,
 * Backspace takes a character back, Ctrl-D on an empty line ends the input.
 */
export function createLineInput({ send, end, echo }: LineInputOptions): (bytes: Uint8Array) => void {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let line = "";
  const type = (char: string) => {
    if (char === "\r" || char === "\n") {
      send(encoder.encode(`${line}\n`));
      echo("\r\n");
      line = "";
    } else if (char === "\x7f") {
      if (line !== "") echo("\b \b");
      line = Array.from(line).slice(0, -1).join("");
    } else if (char === "\x04") {
      if (line === "") end();
    } else if (char >= " ") {
      line += char;
      echo(char);
    }
  };
  return (bytes) => {
    const text = decoder.decode(bytes, { stream: true });
    if (!text.startsWith("\x1b")) for (const char of text) type(char);
  };
}
