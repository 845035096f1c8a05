import { expect, it } from "vitest";
import { UpdateContainer } from "@/lib/contract/container.ts";
import { exampleContainer } from "@/server/testing/example-container.ts";
import { differences, needsStop, toChange } from "./changes.ts";
import { valuesOf } from "./form-values.ts";

const base = exampleContainer({ name: "web", hostname: "web", labels: { a: "1", b: "2" }, env: { X: "1" } });
const values = valuesOf(base, base.name);

it("finds nothing to change in a form that nobody touched", () => {
  expect(toChange(values, base)).toEqual({});
});

it("sends what was changed, whole, and nothing else", () => {
  const change = toChange({ ...values, cpus: "2", env: [], restart: "on-failure", retries: "3" }, base);
  expect(change).toEqual({ env: {}, limits: { ...base.limits, cpus: 2 }, restart: "on-failure:3" });
  expect(UpdateContainer.safeParse(change).success).toBe(true);
  expect(needsStop(change)).toEqual(["env"]);
});

it("leaves the host name alone when only the name changes", () => {
  expect(toChange({ ...values, name: "shop" }, base)).toEqual({ name: "shop" });
  expect(toChange({ ...values, hostname: "shop" }, base)).toEqual({ hostname: "shop" });
});

it("does not take another order of labels for a change", () => {
  expect(differences(base, { ...base, labels: { b: "2", a: "1" } })).toEqual([]);
  expect(differences(base, { ...base, tty: !base.tty })).toEqual(["tty"]);
});
