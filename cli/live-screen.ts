/** Shows a text that is replaced by the next. */
export interface LiveScreen {
  draw(text: string): void;
  close(): void;
}

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const noWrap = "\u001b[?7l";
const wrap = "\u001b[?7h";

/**
 * At a terminal each text takes the place of the one before, cut to the window; the last stays when it is over. Elsewhere
 * they follow each other with a blank line between.
 */
export function openLiveScreen(stream: NodeJS.WriteStream): LiveScreen {
  if (!stream.isTTY) {
    let first = true;
    return {
      draw(text) {
        stream.write(first ? `${text}\n` : `\n${text}\n`);
        first = false;
      },
      close() {},
    };
  }
  let height = 0;
  const restore = () => void stream.write(showCursor);
  process.on("exit", restore);
  stream.write(hideCursor);
  return {
    draw(text) {
      const lines = cutTo(text.split("\n"), stream.rows - 1);
      const up = height > 0 ? `\u001b[${height}F` : "";
      stream.write(`${up}${noWrap}${lines.map((line) => `${line}\u001b[K\n`).join("")}\u001b[J${wrap}`);
      height = lines.length;
    },
    close() {
      process.off("exit", restore);
      restore();
    },
  };
}

function cutTo(lines: string[], rows: number): string[] {
  if (lines.length <= rows) return lines;
  return [...lines.slice(0, rows - 1), `… and ${lines.length - rows + 1} more`];
}
