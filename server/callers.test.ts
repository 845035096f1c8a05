import { describe, expect, it } from "vitest";
import { type Called, createCallers, originOf } from "./callers.ts";
import type { TlsState } from "./tls-state.ts";

const none: string[] = [];
const settings = { host: "127.0.0.1", port: 8080, names: none, corsOrigins: none, trustedProxies: none };
const noTls: TlsState = { port: 8443, certificate: null, refusal: null };
const withTls: TlsState = { ...noTls, certificate: { names: ["box.example.org", "::1"], expiresAt: new Date() } };

function asked(
  headers: Called["headers"],
  more: Partial<Called> = {},
  given: Partial<typeof settings> = {},
  tls = noTls,
) {
  const callers = createCallers({ ...settings, ...given }, tls);
  const called: Called = { method: "GET", headers, socket: { remoteAddress: "10.0.0.9" }, ...more };
  const caller = callers.read(called);
  return { caller, code: callers.refuse(caller, called)?.code };
}

describe("names", () => {
  it.each(["127.0.0.1:8080", "LOCALHOST:8080", "[::1]:8080"])("answers to %s", (host) => {
    expect(asked({ host }).code).toBeUndefined();
  });

  it.each([
    undefined,
    "evil.example:8080",
    "127.0.0.1:9090",
    "localhost",
    "127.0.0.1:8080.evil.example",
    "0.0.0.0:8080",
  ])("does not answer to %s", (host) => {
    expect(asked({ host }).code).toBe("foreign-host");
    expect(asked({ host }, {}, { host: "0.0.0.0" }).code).toBe("foreign-host");
  });

  it("leaves out the port where browsers do, and knows names of settings and certificate", () => {
    expect(asked({ host: "localhost" }, {}, { port: 80 }).code).toBeUndefined();
    expect(asked({ host: "web.example:8080" }, {}, { names: ["web.example"] }).code).toBeUndefined();
    expect(asked({ host: "box.example.org:8443" }).code).toBe("foreign-host");
    expect(asked({ host: "box.example.org:8443" }, {}, {}, withTls).code).toBeUndefined();
  });
});

describe("origins", () => {
  const host = "127.0.0.1:8080";
  const post = (origin?: string, given: Partial<typeof settings> = {}) =>
    asked({ host, ...(origin && { origin }) }, { method: "POST" }, given).code;

  it.each([
    "http://evil.example",
    "https://127.0.0.1:8080",
    "http://localhost:8080",
    "http://127.0.0.1:3000",
    "null",
    "http://127.0.0.1:8080.evil.example",
  ])("refuses a change and an upgrade from %s", (origin) => {
    expect(post(origin)).toBe("foreign-origin");
    expect(asked({ host, origin, upgrade: "websocket" }).code).toBe("foreign-origin");
  });

  it("lets programs, its own pages and listed origins in, and anyone read", () => {
    expect(post()).toBeUndefined();
    expect(post("http://127.0.0.1:8080")).toBeUndefined();
    expect(post("https://ops.example", { corsOrigins: ["https://ops.example"] })).toBeUndefined();
    expect(asked({ host, origin: "http://evil.example" }).code).toBeUndefined();
  });
});

describe("proxies", () => {
  const forwarded = {
    host: "127.0.0.1:8080",
    "x-forwarded-for": "1.2.3.4, 203.0.113.7, 10.0.0.2",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "run.example.org",
  };
  const given = { trustedProxies: ["10.0.0.0/8", "::1"], names: ["run.example.org"] };

  it("believes a listed one, and of the chain the last address that is none", () => {
    const { caller, code } = asked(forwarded, {}, given);
    expect(caller).toEqual({
      remote: "203.0.113.7",
      secure: true,
      host: "run.example.org",
      proxied: true,
      local: false,
    });
    expect(originOf(caller)).toBe("https://run.example.org");
    expect(code).toBeUndefined();
  });

  it("believes nobody else", () => {
    const { caller } = asked(forwarded, { socket: { remoteAddress: "203.0.113.9" } }, given);
    expect(caller).toMatchObject({ remote: "203.0.113.9", secure: false, host: "127.0.0.1:8080", proxied: false });
  });

  it("reads an IPv4 address that an IPv6 socket shows", () => {
    const socket = { remoteAddress: "::ffff:10.0.0.2", localAddress: "::ffff:10.0.0.2" };
    expect(asked({ host: "127.0.0.1:8080" }, { socket }).caller).toMatchObject({ remote: "10.0.0.2", local: true });
    expect(asked(forwarded, { socket }, given).caller.proxied).toBe(true);
  });

  it("names a setting that is no network", () => {
    expect(() => asked({}, {}, { trustedProxies: ["10.0.0.0.1"] })).toThrow(/MINIRUN_TRUSTED_PROXIES.*10\.0\.0\.0\.1/);
  });
});
