import { expect, it } from "vitest";
import { classify, hexRow, linesOf } from "./content.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

it("tells text from what is none", () => {
  expect(classify(bytes("grüße\n"), true)).toEqual({ kind: "text", text: "grüße\n", lineEnd: "\n", whole: true });
  expect(classify(bytes("a\0b"), true).kind).toBe("binary");
  expect(classify(new Uint8Array([0xff, 0xfe, 0x41]), true).kind).toBe("binary");
  expect(classify(bytes(""), true)).toMatchObject({ kind: "text", text: "" });
});

it("forgives a character that the cut went through, and only there", () => {
  const cut = bytes("aü").subarray(0, 2);
  expect(classify(cut, false)).toMatchObject({ kind: "text", text: "a" });
  expect(classify(cut, true).kind).toBe("binary");
});

it("knows how lines end", () => {
  const lineEnd = (text: string) => classify(bytes(text), true);
  expect(lineEnd("a\r\nb\r\n")).toMatchObject({ lineEnd: "\r\n" });
  expect(lineEnd("a\r\nb\n")).toMatchObject({ lineEnd: "mixed" });
  expect(lineEnd("a\rb")).toMatchObject({ lineEnd: "mixed" });
});

it("shows lines without what would act on the page", () => {
  expect(linesOf("a\x1b[31m\n\u202eb\n")).toEqual(["a·[31m", "·b"]);
  expect(linesOf("x".repeat(6000))[0]).toHaveLength(5001);
});

it("dumps bytes as one reads them", () => {
  const row = hexRow(bytes("0123456789abcdef\nZ"), 1);
  expect(row).toEqual({ offset: "00000010", hex: `${"0a 5a".padEnd(23)}  ${" ".repeat(23)}`, text: "·Z" });
});
