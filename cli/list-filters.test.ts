import { expect, it } from "vitest";
import type { Container } from "../lib/contract/container.ts";
import { type Filter, matches, readFilter } from "./list-filters.ts";

const container = {
  id: "0a1b2c3d-0000-4000-8000-000000000000",
  name: "web-1",
  state: "exited",
  exitCode: 3,
  image: "host",
  node: "here",
  labels: { stage: "test", empty: "" },
} as unknown as Container;

const fits = (...texts: string[]) =>
  matches(
    texts.reduce<Filter[]>((filters, text) => readFilter(text, filters), []),
    container,
  );

it.each([
  "name=eb",
  "id=0a1b",
  "status=running,exited",
  "label=stage",
  "label=stage=test",
  "exited=3",
  "ancestor=host",
])("lets %s through", (text) => expect(fits(text)).toBe(true));

it.each([
  "name=db",
  "id=1b",
  "state=running",
  "label=none",
  "label=stage=live",
  "exited=0",
  "image=/srv",
  "label=toString",
])("keeps %s out", (text) => expect(fits(text)).toBe(false));

it("wants one value of each key", () => {
  expect(fits("name=web", "exited=3")).toBe(true);
  expect(fits("name=web", "exited=4")).toBe(false);
  expect(fits("name=db", "name=web", "status=running", "state=exited")).toBe(true);
  expect(fits("name=db", "name=cache", "exited=3")).toBe(false);
});

it("wants every label", () => {
  expect(fits("label=stage", "label=empty")).toBe(true);
  expect(fits("label=stage", "label=none")).toBe(false);
});

it.each([
  ["name", "KEY=VALUE"],
  ["colour=red", "one of name"],
  ["status=dead", "'dead' is none of created"],
  ["exited=x", "exit code"],
])("refuses %s", (text, why) => expect(() => readFilter(text)).toThrow(why));
