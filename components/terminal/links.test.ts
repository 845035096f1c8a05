import { expect, it } from "vitest";
import { webAddress } from "./links.ts";

it("opens the web and nothing else", () => {
  expect(webAddress("https://example.org/a?b#c")).toBe("https://example.org/a?b#c");
  expect(webAddress("HTTP://EXAMPLE.org")).toBe("http://example.org/");
  for (const text of [
    "javascript:alert(1)",
    "file:///etc/passwd",
    "data:text/html,x",
    "//example.org",
    "ssh://h",
    "",
  ]) {
    expect(webAddress(text)).toBeNull();
  }
});
