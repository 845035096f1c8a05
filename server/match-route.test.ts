import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Route, routes } from "../lib/contract/routes.ts";
import { matchRoute, routeLabel } from "./match-route.ts";

describe("matchRoute", () => {
  it("names a call by its pattern, whatever the parameter", () => {
    expect(matchRoute("POST", "/api/v1/containers/web-1/start")).toEqual({
      kind: "route",
      label: "/api/v1/containers/{name}/start",
      role: "operator",
    });
    expect(matchRoute("HEAD", "/api/v1/containers")).toMatchObject({ kind: "route" });
    expect(matchRoute("GET", "/api/v1/openapi.json")).toMatchObject({ kind: "route" });
    expect(matchRoute("POST", "/api/v1/openapi.json")).toMatchObject({ kind: "wrong-method" });
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

it("names every page of the dashboard in a log", () => {
  const folder = fileURLToPath(new URL("../app/(app)", import.meta.url));
  const pages = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory());
  const names = pages.map(({ name }) => name).filter((name) => !name.startsWith("(") && name !== "design");
  for (const name of names) expect(routeLabel("GET", `/${name}`)).toBe(`/${name}`);
  expect(routeLabel("GET", "/made-up")).toBe("(unknown)");
});

it("has a route handler's file for every call of the contract", () => {
  for (const { path } of Object.values<Route>(routes)) {
    const folder = path.replaceAll(/\{(\w+)\}/g, "[$1]");
    const file = fileURLToPath(new URL(`../app/api/v1${folder}/route.ts`, import.meta.url));
    expect(existsSync(file), file).toBe(true);
  }
});
