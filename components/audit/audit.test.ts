import { describe, expect, it } from "vitest";
import { exportPath, filterOf, readView } from "./audit-query.ts";
import { describeAction, describeCredential, describeWho } from "./describe-entry.ts";

const now = Date.parse("2026-01-02T00:00:00.000Z");

describe("the view in the address", () => {
  it("is read, without what does not fit", () => {
    expect(readView(new URLSearchParams("text=web&who=ada&result=refused&since=1d"))).toEqual({
      ...{ text: "web", who: "ada", result: "refused", since: "1d" },
    });
    expect(readView(new URLSearchParams("result=maybe&since=toString"))).toEqual({
      ...{ text: "", who: "", result: "", since: "" },
    });
  });

  it("becomes the API's filter, and the address of a file", () => {
    const view = readView(new URLSearchParams("text=%20a%26b&since=1d"));
    expect(filterOf(view, now)).toEqual({ text: "a&b", from: "2026-01-01T00:00:00.000Z" });
    expect(exportPath(view, "csv", now)).toBe(
      "/api/v1/audit/export?text=a%26b&from=2026-01-01T00%3A00%3A00.000Z&format=csv",
    );
  });
});

it("says in words what was done, and by whom", () => {
  const actions = ["restart", "POST /containers/{name}/stop", "POST /account/password", "POST /something/new"];
  expect(actions.map((action) => describeAction({ action }))).toEqual([
    ...["Restart", "Stop", "Change the own password", "POST /something/new"],
  ]);
  const people = [
    ["ada", "Ada"],
    ["restart-policy", null],
    ["u1", null],
    [null, null],
  ] as const;
  expect(people.map(([principal, name]) => describeWho({ principal, name }))).toEqual([
    ...["Ada", "Its restart policy", "u1", "Nobody known"],
  ]);
  expect(describeCredential({ credential: { kind: "token", id: "t" } })).toBe("API token");
});
