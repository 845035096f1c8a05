import { expect, it } from "vitest";
import { createAskedAddress } from "./asked-address.ts";

const query = (text: string) => new URLSearchParams(text);

it("keeps a change that the router's writing of an older address would hide", () => {
  const address = createAskedAddress();
  address.rendered("/audit", query(""));
  address.ask("/audit", query("text=web"));
  address.ask("/audit", query("text=web&result=failed"));
  for (const _ of ["a view", "another"]) address.rendered("/audit", query("text=web"));
  expect(`${address.latest("/audit", "?text=web")}`).toBe("text=web&result=failed");
  address.rendered("/audit", query("text=web&result=failed"));
  expect(`${address.latest("/audit", "?text=web&result=failed&who=me")}`).toBe("text=web&result=failed&who=me");
});

it("leaves it to the browser where somebody went elsewhere or back", () => {
  const address = createAskedAddress();
  address.ask("/audit", query("text=web"));
  expect(`${address.latest("/containers", "?search=db")}`).toBe("search=db");
  address.rendered("/audit", query(""));
  expect(`${address.latest("/audit", "")}`).toBe("");
});
