import { expect, it } from "vitest";
import { createLineInput } from "./line-input.ts";

function type(...texts: string[]) {
  const result = { sent: "", shown: "", ended: false };
  const input = createLineInput({
    send: (bytes) => {
      result.sent += Buffer.from(bytes).toString();
    },
    echo: (text) => {
      result.shown += text;
    },
    end: () => {
      result.ended = true;
    },
  });
  for (const text of texts) input(Buffer.from(text));
  return result;
}

it("sends whole lines, and shows what is typed", () => {
  expect(type("h", "i", "\r", "more")).toEqual({ sent: "hi\n", shown: "hi\r\nmore", ended: false });
});

it("takes characters back, whole ones", () => {
  expect(type("aé🙂", "\x7f", "\x7f", "\r").sent).toBe("a\n");
  expect(type("\x7f").shown).toBe("");
});

it("ends the input at Ctrl-D on an empty line alone", () => {
  expect(type("\x04").ended).toBe(true);
  expect(type("a\x04").ended).toBe(false);
});

it("has no use for arrow keys", () => {
  expect(type("a", "\x1b[A", "\r").sent).toBe("a\n");
});
