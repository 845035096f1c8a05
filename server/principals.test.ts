import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { resolvePrincipal } from "./principals.ts";
import { signSession } from "./session-cookie.ts";

const secrets = { tokenHash: createHash("sha256").update("right").digest("hex"), sessionSecret: "ab".repeat(32) };
const cookie = `minirun_session=${signSession("operator", secrets.sessionSecret)}`;

it("knows the operator by token or cookie", () => {
  expect(resolvePrincipal({ authorization: "Bearer right" }, secrets)?.id).toBe("operator");
  expect(resolvePrincipal({ authorization: "bearer  right" }, secrets)?.id).toBe("operator");
  expect(resolvePrincipal({ cookie }, secrets)?.id).toBe("operator");
});

it("knows nobody without credentials, or with ones that do not hold", () => {
  expect(resolvePrincipal({}, secrets)).toBeNull();
  expect(resolvePrincipal({ authorization: "Bearer wrong" }, secrets)).toBeNull();
  expect(resolvePrincipal({ authorization: "Basic right" }, secrets)).toBeNull();
  expect(
    resolvePrincipal({ cookie: `minirun_session=${signSession("somebody", secrets.sessionSecret)}` }, secrets),
  ).toBeNull();
});

it("lets a token decide even where the cookie would hold", () => {
  expect(resolvePrincipal({ authorization: "Bearer wrong", cookie }, secrets)).toBeNull();
});
