import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { routeTable, waysIn } from "../lib/contract/route-table.ts";
import { type Route, routes } from "../lib/contract/routes.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

it("stands in docs/security.md as the code has it (node --import tsx scripts/write-route-table.ts)", () => {
  expect(readFileSync(`${root}/docs/security.md`, "utf8")).toContain(`\n${routeTable()}\n`);
});

it("has every handler, and each answers at its own call's address", () => {
  const folder = `${root}app/api/v1`;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("/route.ts"));
  const handled = files.flatMap((file) => {
    const path = `/${file.slice(0, -"/route.ts".length)}`.replaceAll(/\[(\w+)\]/g, "{$1}");
    const text = readFileSync(`${folder}/${file}`, "utf8");
    const handlers = [...text.matchAll(/export const (\w+) = api\((?:routes\.)?(\w+)/g)];
    expect(handlers.length, file).toBe(text.match(/^export /gm)?.length);
    return handlers.map(([, method, name]) => ({ method, path, name }));
  });
  const contract = Object.entries<Route>(routes).map(([name, { method, path }]) => ({ method, path, name }));
  const byName = (one: { name?: string | undefined }, other: { name?: string | undefined }) =>
    (one.name ?? "").localeCompare(other.name ?? "");
  const named = handled.map((one) => (one.name === "documentRoute" ? { ...one, name: "openApiDocument" } : one));
  const document = { method: "GET", path: "/openapi.json", name: "openApiDocument" };
  expect(named.sort(byName)).toEqual([...contract, document].sort(byName));
});

it("lets nobody in unknown but to see how it is, to sign in and out, and to watch what was shared", () => {
  const open = waysIn().filter(({ role }) => role === null);
  const known = ["/health", "/sign-in", "/sign-out", "/shares/redeem", "/invitations"];
  for (const { path } of open)
    expect(
      known.some((one) => path === one || path.startsWith(`${one}/`)),
      path,
    ).toBe(true);
});
