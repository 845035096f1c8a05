import { expect, it } from "vitest";
import { localPath } from "./local-path.ts";

it.each(["/containers/web?tab=trace", "/new"])("goes to %s", (path) => {
  expect(localPath(path)).toBe(path);
});

it.each([
  "https://evil.example/",
  "//evil.example",
  "/\\evil.example",
  "javascript:alert(1)",
  "new",
  "",
  undefined,
  ["/a"],
  "/sign-in?next=/sign-in",
  "/\t/evil.example",
])("does not go to %s", (path) => {
  expect(localPath(path)).toBe("/");
});
