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
  const take = (text: string) => {
    let lines = "";
    let shown = "";
    let ended = false;
    for (const char of text) {
      if (char === "\r" || char === "\n") {
        lines += `${line}\n`;
        shown += "\r\n";
        line = "";
      } else if (char === "\x7f") {
        if (line !== "") shown += "\b \b";
        line = Array.from(line).slice(0, -1).join("");
      } else if (char === "\x04") {
        ended ||= line === "";
      } else if (char >= " ") {
        line += char;
        shown += char;
      }
    }
    if (lines !== "") send(encoder.encode(lines));
    if (shown !== "") echo(shown);
    if (ended) end();
  };
  return (bytes) => {
    const text = decoder.decode(bytes, { stream: true });
    if (!text.startsWith("\x1b")) take(text);
  };
}
