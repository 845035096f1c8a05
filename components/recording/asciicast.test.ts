import { describe, expect, it } from "vitest";
import { readCast, readSize } from "./asciicast.ts";

function stream(text: string, pieceBytes = 7): ReadableStream<Uint8Array> {
  const bytes = Buffer.from(text);
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += pieceBytes) controller.enqueue(bytes.subarray(at, at + pieceBytes));
      controller.close();
    },
  });
}

const header = '{"version": 2, "width": 80, "height": 24, "timestamp": 1}';

describe("an asciicast", () => {
  it("is read across pieces, umlauts cut in two, without what is not for the eyes", async () => {
    const cast = await readCast(stream(`${header}\n[0.5,"o","grüße\\r\\n"]\n[1,"i","x"]\n[2,"r","100x30"]\n`));
    expect(cast).toEqual({
      cols: 80,
      rows: 24,
      cut: false,
      events: [
        { time: 0.5, code: "o", data: "grüße\r\n" },
        { time: 2, code: "r", data: "100x30" },
      ],
    });
  });

  it("says which line is wrong", async () => {
    await expect(readCast(stream(`${header}\n[0.5,"o"]\n`))).rejects.toThrow(/line 2 .*\[0.5,"o"\]/);
    await expect(readCast(stream('{"version":1}\n'))).rejects.toThrow(/line 1/);
    await expect(readCast(stream(""))).rejects.toThrow(/empty/);
  });

  it("holds no more than a page can", async () => {
    const line = `[0,"o","${"x".repeat(1024 * 1024 - 16)}"]\n`;
    const cast = await readCast(stream(`${header}\n${line.repeat(50)}`, 4 * 1024 * 1024));
    expect(cast.cut).toBe(true);
    expect(cast.events.length).toBe(48);
  });

  it("takes sizes that a terminal can have", () => {
    expect(readSize("100x30")).toEqual({ cols: 100, rows: 30 });
    for (const bad of ["", "x", "0x5", "9999999x1", "80"]) expect(readSize(bad)).toBeNull();
  });
});
