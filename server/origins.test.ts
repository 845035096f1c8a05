import { describe, expect, it } from "vitest";
import { allowedHosts, checkCaller } from "./origins.ts";

const hosts = allowedHosts("127.0.0.1", 8080);

describe("allowedHosts", () => {
  it("has the loopback names and the configured host, with the port", () => {
    expect([...allowedHosts("box.example", 8080)].sort()).toEqual([
      "127.0.0.1:8080",
      "[::1]:8080",
      "box.example:8080",
      "localhost:8080",
    ]);
  });

  it("leaves the port out where browsers do", () => {
    expect(allowedHosts("127.0.0.1", 80)).toContain("localhost");
  });

  it("knows the machine's own addresses behind a wildcard, and nothing else", () => {
    const wild = allowedHosts("0.0.0.0", 8080);
    expect(wild).toContain("127.0.0.1:8080");
    expect(wild).not.toContain("0.0.0.0:8080");
    expect(wild).not.toContain("evil.example:8080");
  });
});

describe("checkCaller", () => {
  const host = "127.0.0.1:8080";

  it.each([
    ["no host", undefined],
    ["another name", "evil.example:8080"],
    ["another port", "127.0.0.1:9090"],
    ["no port", "localhost"],
  ])("refuses %s", (_, name) => {
    expect(checkCaller({ method: "GET", headers: { host: name } }, hosts)?.code).toBe("foreign-host");
  });

  it("lets programs in, which send no origin", () => {
    expect(checkCaller({ method: "POST", headers: { host } }, hosts)).toBeNull();
  });

  it.each(["http://evil.example", "https://127.0.0.1:8080", "null", "http://127.0.0.1:8080.evil.example"])(
    "refuses a change from the origin %s",
    (origin) => {
      expect(checkCaller({ method: "POST", headers: { host, origin } }, hosts)?.code).toBe("foreign-origin");
      expect(checkCaller({ method: "GET", headers: { host, origin, upgrade: "websocket" } }, hosts)?.code).toBe(
        "foreign-origin",
      );
    },
  );

  it("lets its own pages in, and anyone read", () => {
    expect(checkCaller({ method: "DELETE", headers: { host, origin: "http://localhost:8080" } }, hosts)).toBeNull();
    expect(checkCaller({ method: "GET", headers: { host, origin: "http://evil.example" } }, hosts)).toBeNull();
  });
});
