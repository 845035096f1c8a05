import { expect, it } from "vitest";
import { ListContainers } from "../../lib/contract/container.ts";
import { withJson } from "../live-containers.ts";
import { exampleContainer } from "../testing/example-container.ts";
import { selectContainers } from "./list-containers.ts";

const id = (digit: number) => `3f0d7a55-7a40-4c57-9d0e-00000000000${digit}`;
const all = [
  exampleContainer({ id: id(1), name: "web", state: "running", createdAt: "2026-01-02T00:00:00.000Z" }),
  exampleContainer({
    ...{ id: id(2), name: "job", command: ["/bin/WEBHOOK"], createdAt: "2026-01-03T00:00:00.000Z" },
    ...{ labels: { team: "red", "app/tier": "back" } },
  }),
  exampleContainer({ id: id(3), name: "db", createdAt: "2026-01-01T00:00:00.000Z", labels: { team: "blue" } }),
].map(withJson);

const select = (query: object, from = all) => selectContainers(from, ListContainers.parse(query));
const names = (query: object, from = all) => select(query, from).items.map(({ value }) => value.name);

it("sorts and filters", () => {
  expect(names({})).toEqual(["job", "web", "db"]);
  expect(names({ sort: "name" })).toEqual(["db", "job", "web"]);
  expect(names({ state: "running" })).toEqual(["web"]);
});

it("searches in names, images, commands and labels", () => {
  expect(names({ search: "Web" })).toEqual(["job", "web"]);
  expect(names({ search: "BLUE" })).toEqual(["db"]);
  expect(names({ search: "nowhere" })).toEqual([]);
});

it("filters by a label, with or without its value", () => {
  expect(names({ label: "team" })).toEqual(["job", "db"]);
  expect(names({ label: "app/tier=back" })).toEqual(["job"]);
  expect(names({ label: "team=re" })).toEqual([]);
  expect(names({ label: "constructor" })).toEqual([]);
});

it("pages, and says when there is no more", () => {
  const first = select({ limit: 2 });
  const second = select({ limit: 2, cursor: first.next });
  expect([second.items.map(({ value }) => value.name), second.next]).toEqual([["db"], null]);
});

it("goes on where the page before ended when that container is gone by then", () => {
  const { next } = select({ limit: 2, sort: "-name" });
  const left = all.filter(({ value }) => value.name !== "job");
  expect(names({ cursor: next, sort: "-name" }, left)).toEqual(["db"]);
});

it.each(["x", "", Buffer.from('["a","b"]').toString("base64url")])("refuses the cursor %j", (cursor) => {
  expect(() => select({ cursor })).toThrow(/cursor/);
});
