import { describe, expect, it } from "vitest";
import { readCookie, sessionCookie, signSession, verifySession } from "./session-cookie.ts";

const secret = "ab".repeat(32);
const day = 24 * 60 * 60 * 1000;

describe("session cookie", () => {
  it("says who signed in, for thirty days", () => {
    const value = signSession("operator", secret, 0);
    expect(verifySession(value, secret, 29 * day)?.principal).toBe("operator");
    expect(verifySession(value, secret, 30 * day)).toBeNull();
  });

  it("is worth nothing when it was changed or made with another secret", () => {
    const value = signSession("operator", secret);
    const [payload = "", mac = ""] = value.split(".");
    const other = Buffer.from(JSON.stringify({ principal: "root", issued: 0, expires: 9e12 })).toString("base64url");
    for (const forged of [
      `${other}.${mac}`,
      payload,
      `${payload}.`,
      `${value}.x`,
      "",
      signSession("operator", "cd".repeat(32)),
    ]) {
      expect(verifySession(forged, secret)).toBeNull();
    }
  });

  it("is out of reach of scripts and of other sites", () => {
    expect(sessionCookie("v", false)).toMatch(/^minirun_session=v; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    expect(sessionCookie("v", true)).toMatch(/^__Host-minirun_session=v; Path=\/; .*; Secure$/);
  });
});

describe("readCookie", () => {
  it("finds one among others, by its whole name", () => {
    const header = "xminirun_session=no; theme=dark; minirun_session=a.b=";
    expect(readCookie(header, "minirun_session")).toBe("a.b=");
    expect(readCookie(header, "session")).toBeNull();
    expect(readCookie(undefined, "minirun_session")).toBeNull();
  });
});
