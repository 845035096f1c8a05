import { expect, it } from "vitest";
import { ListContainers } from "../../lib/contract/container.ts";
import { exampleContainer } from "../testing/example-container.ts";
import { selectContainers } from "./list-containers.ts";

const id = (digit: number) => `3f0d7a55-7a40-4c57-9d0e-00000000000${digit}`;
const all = [
  exampleContainer({ id: id(1), name: "web", state: "running", createdAt: "2026-01-02T00:00:00.000Z" }),
  exampleContainer({ id: id(2), name: "job", command: ["/bin/WEBHOOK"], createdAt: "2026-01-03T00:00:00.000Z" }),
  exampleContainer({ id: id(3), name: "db", createdAt: "2026-01-01T00:00:00.000Z" }),
];
const names = (query: object) => selectContainers(all, ListContainers.parse(query)).items.map(({ name }) => name);

it("sorts, filters and searches as the database does", () => {
  expect(names({})).toEqual(["job", "web", "db"]);
  expect(names({ sort: "name" })).toEqual(["db", "job", "web"]);
  expect(names({ state: "running" })).toEqual(["web"]);
  expect(names({ search: "Web" })).toEqual(["job", "web"]);
});

it("goes on behind the cursor, and says when there is no more", () => {
  const first = selectContainers(all, ListContainers.parse({ limit: 2 }));
  expect(first.next).toBe(id(1));
  const second = selectContainers(all, ListContainers.parse({ limit: 2, cursor: first.next }));
  expect([second.items.map(({ name }) => name), second.next]).toEqual([["db"], null]);
});
