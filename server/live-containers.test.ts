import { beforeEach, expect, it } from "vitest";
import type { EventAction } from "../lib/contract/event.ts";
import { createLiveContainers, type LiveContainers } from "./live-containers.ts";
import { exampleContainer, exampleOperation } from "./testing/example-container.ts";

const id = (digit: number) => `3f0d7a55-7a40-4c57-9d0e-00000000000${digit}`;
const container = (digit: number, revision: number, change = {}) =>
  exampleContainer({ id: id(digit), name: `c${digit}`, revision, ...change });
const event = (action: EventAction, about: ReturnType<typeof container>) =>
  ({ type: "event", event: { id: id(9), action, at: "2026-01-01T00:00:00.000Z", container: about } }) as const;

let live: LiveContainers;
beforeEach(() => {
  live = createLiveContainers();
  live.hear({ type: "snapshot", containers: [container(1, 1), container(2, 5)] });
});

it("finds by name and by id", () => {
  expect(live.find("c1")?.value.id).toBe(id(1));
  expect(live.find(id(2))?.value.name).toBe("c2");
  expect(live.find("c3")).toBeUndefined();
});

it("never goes back to an older revision, whichever way it comes", () => {
  live.merge(exampleOperation({ container: container(1, 3, { state: "running" }) }));
  live.hear(event("starting", container(1, 2, { state: "starting" })));
  live.hear({ type: "snapshot", containers: [container(1, 2), container(2, 5)] });
  expect(live.find("c1")?.value).toMatchObject({ revision: 3, state: "running" });
});

it("does not bring back what was deleted", () => {
  live.merge(exampleOperation({ verb: "delete", containerId: id(1), container: null }));
  live.hear(event("exited", container(1, 9)));
  live.hear(event("deleted", container(2, 6)));
  live.hear({ type: "container", container: container(2, 7) });
  expect(live.all()).toEqual([]);
});

it("follows a new name, and gives the old one to another", () => {
  live.hear(event("renamed", container(1, 2, { name: "web" })));
  live.hear(event("created", container(3, 1, { name: "c1" })));
  expect([live.find("web")?.value.id, live.find("c1")?.value.id]).toEqual([id(1), id(3)]);
});

it("takes a snapshot as how things stand", () => {
  live.lose();
  expect(live.isCurrent).toBe(false);
  live.hear({ type: "snapshot", containers: [container(2, 6)] });
  expect(live.isCurrent).toBe(true);
  expect(live.all().map(({ value }) => [value.id, value.revision])).toEqual([[id(2), 6]]);
});

it("has another version after every change, and the same JSON for the same revision", () => {
  const versions = [live.version];
  const first = live.find("c1");
  expect(JSON.parse(first?.json ?? "")).toEqual(container(1, 1));
  live.hear({ type: "container", container: container(1, 1) });
  expect(live.version).toBe(versions[0]);
  expect(live.find("c1")).toBe(first);
  live.hear({ type: "container", container: container(1, 2) });
  versions.push(live.version);
  live.hear(event("deleted", container(1, 3)));
  versions.push(live.version);
  expect(new Set(versions).size).toBe(3);
});

it("puts the database's news beside its own, and lets neither hide what the other knows better", () => {
  live.merge(exampleOperation({ verb: "delete", containerId: id(2), container: null }));
  live.merge(exampleOperation({ container: container(3, 1) }));
  live.lose();
  const stored = [container(1, 4), container(2, 5), container(4, 1)];
  expect(live.allWith(stored).map(({ value }) => [value.id, value.revision])).toEqual([
    [id(1), 4],
    [id(3), 1],
    [id(4), 1],
  ]);
  expect(live.find("c1")?.value.revision).toBe(1);
});
