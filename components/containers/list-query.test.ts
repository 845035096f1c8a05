import { describe, expect, it } from "vitest";
import type { StatsSample } from "@/lib/contract/stats.ts";
import { exampleContainer } from "@/server/testing/example-container.ts";
import { listParameters, readListQuery, selectContainers } from "./list-query.ts";

const read = (text: string) => readListQuery(new URLSearchParams(text));

describe("the list's address", () => {
  it("says the same after it was read", () => {
    expect(listParameters(read(""))).toEqual({ search: null, state: null, label: null, sort: null });
    const parameters = { search: "web", state: "running,paused", label: "app=shop", sort: "name" };
    expect(listParameters(read(`?${new URLSearchParams(parameters)}`))).toEqual(parameters);
  });

  it("leaves out what makes no sense", () => {
    expect(listParameters(read("?state=flying,running&sort=colour"))).toMatchObject({ state: "running", sort: null });
  });
});

describe("selectContainers", () => {
  const container = (number: number, change: Parameters<typeof exampleContainer>[0]) =>
    exampleContainer({ id: `3f0d7a55-7a40-4c57-9d0e-00000000000${number}`, ...change });
  const web = container(1, { name: "web", state: "running", labels: { app: "shop" } });
  const database = container(2, { name: "db", state: "exited", labels: { app: "shop=2" } });
  const job = container(3, { name: "job", state: "running", command: ["/bin/nightly"] });
  const all = [web, database, job];
  const names = (text: string, samples = new Map<string, StatsSample>()) =>
    selectContainers(all, read(text), samples).map(({ name }) => name);

  it("searches names, images, commands and labels", () => {
    expect(names("?search=NIGHT")).toEqual(["job"]);
    expect(names("?search=app=shop&sort=name")).toEqual(["db", "web"]);
  });

  it("keeps those in a state and with a label", () => {
    expect(names("?state=running&sort=name")).toEqual(["job", "web"]);
    expect(names("?label=app&sort=name")).toEqual(["db", "web"]);
    expect(names("?label=app=shop%3D2")).toEqual(["db"]);
    expect(names("?label=constructor")).toEqual([]);
  });

  it("sorts by what they use, those that use nothing last", () => {
    const samples = new Map([
      [web.id, { cpu: { percent: 3 } } as StatsSample],
      [job.id, { cpu: { percent: 40 } } as StatsSample],
    ]);
    expect(names("?sort=-cpu", samples)).toEqual(["job", "web", "db"]);
  });
});
