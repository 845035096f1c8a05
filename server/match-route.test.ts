import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Route, routes } from "../lib/contract/routes.ts";
import { matchRoute } from "./match-route.ts";

describe("matchRoute", () => {
  it("names a call by its pattern, whatever the parameter", () => {
    expect(matchRoute("POST", "/api/v1/containers/web-1/start")).toEqual({
      kind: "route",
      label: "/api/v1/containers/{name}/start",
    });
    expect(matchRoute("HEAD", "/api/v1/containers")).toMatchObject({ kind: "route" });
    expect(matchRoute("GET", "/api/v1/openapi.json")).toMatchObject({ kind: "route" });
  });

  it("says which methods a path knows", () => {
    expect(matchRoute("PUT", "/api/v1/containers")).toEqual({ kind: "wrong-method", allow: ["GET", "POST", "HEAD"] });
  });

  it.each(["/api/v1", "/api/v2/health", "/api/v1/containers/", "/api/v1/containers/a/b", "/api/v1/healthy"])(
    "does not know %s",
    (path) => {
      expect(matchRoute("GET", path)).toEqual({ kind: "unknown" });
    },
  );
});

it("has a route handler's file for every call of the contract", () => {
  for (const { path } of Object.values<Route>(routes)) {
    const folder = path.replaceAll(/\{(\w+)\}/g, "[$1]");
    const file = fileURLToPath(new URL(`../app/api/v1${folder}/route.ts`, import.meta.url));
    expect(existsSync(file), file).toBe(true);
  }
});
