// Writes the table of docs/security.md anew from the contract: node --import tsx scripts/write-route-table.ts
import { readFileSync, writeFileSync } from "node:fs";
import { routeTable } from "../lib/contract/route-table.ts";

const path = new URL("../docs/security.md", import.meta.url);
const text = readFileSync(path, "utf8");
const table = /^\| method \| path below \/api\/v1 \|[^\n]*\n(?:\|[^\n]*\n)*/m;
if (!table.test(text))
  throw new Error("docs/security.md has no table that begins with | method | path below /api/v1 |");
writeFileSync(
  path,
  text.replace(table, () => `${routeTable()}\n`),
);
