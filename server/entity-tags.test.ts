import { expect, it } from "vitest";
import { hasTag, taggedJson } from "./entity-tags.ts";

const asking = (value?: string) =>
  new Request("http://localhost/", { headers: value === undefined ? {} : { "if-none-match": value } });

it.each<[string | undefined, boolean]>([
  [undefined, false],
  ['"1"', true],
  ['W/"1"', true],
  ['"0", "1"', true],
  ["*", true],
  ['"11"', false],
  ["1", false],
])("takes If-None-Match: %s", (value, expected) => expect(hasTag(asking(value), '"1"')).toBe(expected));

it("makes no body for one who has it", async () => {
  const made: string[] = [];
  const body = () => {
    made.push("made");
    return "{}";
  };
  const first = await taggedJson(asking(), '"1"', body);
  expect([first.status, first.headers.get("etag"), await first.text()]).toEqual([200, '"1"', "{}"]);
  const second = await taggedJson(asking('"1"'), '"1"', body);
  expect([second.status, second.headers.get("etag"), second.body]).toEqual([304, '"1"', null]);
  expect(made.length).toBe(1);
});
