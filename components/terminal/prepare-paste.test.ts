import { expect, it } from "vitest";
import { preparePaste } from "./prepare-paste.ts";

const texts = (text: string, bracketed: boolean) => {
  const { bytes, closing } = preparePaste(text, bracketed);
  return [Buffer.from(bytes).toString(), Buffer.from(closing).toString()];
};

it("ends lines as the Enter key does", () => {
  expect(texts("a\r\nb\nc", false)).toEqual(["a\rb\rc", ""]);
});

it("brackets a text where that is asked for, which the text cannot close", () => {
  expect(texts("x\x1b[201~; rm -rf /\n", true)).toEqual(["\x1b[200~x[201~; rm -rf /\r", "\x1b[201~"]);
});
