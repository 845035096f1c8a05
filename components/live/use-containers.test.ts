import { expect, it } from "vitest";
import type { ContainerEvent } from "@/lib/contract/event.ts";
import { exampleContainer } from "@/server/testing/example-container.ts";
import { withEvents } from "./use-containers.ts";

const one = exampleContainer({ generation: 2 });
const other = exampleContainer({ id: "3f0d7a55-7a40-4c57-9d0e-000000000002", name: "other" });
const event = (action: ContainerEvent["action"], container = one): ContainerEvent => ({
  id: "3f0d7a55-7a40-4c57-9d0e-000000000003",
  action,
  at: "2026-01-01T00:00:00.000Z",
  container,
});

it("changes in place, puts new ones in front, takes deleted ones out", () => {
  const running = { ...one, state: "running" } as const;
  expect(withEvents([other, one], [event("started", running)])).toEqual([other, running]);
  expect(withEvents([other], [event("created")])).toEqual([one, other]);
  expect(withEvents([other, one], [event("deleted")])).toEqual([other]);
});

it("never goes back to an older state", () => {
  const older = { ...one, generation: 1 };
  expect(withEvents([one], [event("started", older)])).toEqual([one]);
});
