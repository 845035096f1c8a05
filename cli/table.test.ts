import { expect, it } from "vitest";
import { styleFor } from "./style.ts";
import { formatTable } from "./table.ts";

it("aligns cells by what is seen, not by their escape sequences", () => {
  const plain = styleFor({ isTTY: false });
  const coloured = styleFor({ isTTY: true }, {});
  const table = formatTable(
    ["NAME", "STATE", "AGE"],
    [
      ["web", coloured.green("running"), "5 s"],
      ["longer-name", "exited", "12 min"],
    ],
    plain,
    {
      right: [2],
    },
  );
  expect(table.split("\n")).toEqual([
    "NAME         STATE       AGE",
    `web          ${coloured.green("running")}     5 s`,
    "longer-name  exited   12 min",
  ]);
});
