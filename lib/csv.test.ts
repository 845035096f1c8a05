import { expect, it } from "vitest";
import { csvCells } from "./csv.ts";

it("quotes what has a meaning in CSV", () => {
  expect(csvCells(["a", null, 'say "hi"', "one,two", "a\nb"])).toBe('a,,"say ""hi""","one,two","a\nb"\r\n');
});

it.each(["=1+1", "+1", "-1", "@SUM(A1)", "  =1+1", "\t=1", "\r=1", "＝1+1", '=HYPERLINK("http://x","y")'])(
  "makes text of what a spreadsheet would calculate: %j",
  (cell) => {
    const line = csvCells([cell]);
    expect(line).toBe(`"'${cell.replaceAll('"', '""')}"\r\n`);
  },
);

it("leaves a harmless sign inside alone", () => {
  expect(csvCells(["a=b", "GET /x", "2026-11-29T08:00:00Z"])).toBe("a=b,GET /x,2026-11-29T08:00:00Z\r\n");
});
