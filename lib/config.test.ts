import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { paths, readConfig } from "./config.ts";

describe("readConfig", () => {
  it("needs no environment at all", () => {
    expect(readConfig({})).toMatchObject({
      home: "/var/lib/minirun",
      run: "/run/minirun",
      host: "127.0.0.1",
      port: 8080,
    });
  });

  it("takes an empty variable for an unset one", () => {
    expect(readConfig({ MINIRUN_PORT: "" }).port).toBe(8080);
  });

  it("is described in docs/settings.md, each setting of it", () => {
    const source = readFileSync(join(import.meta.dirname, "config.ts"), "utf8");
    const documented = readFileSync(join(import.meta.dirname, "../docs/settings.md"), "utf8");
    const settings = [...source.matchAll(/^ {2}((?:MINIRUN|DATABASE|DB)_[A-Z_]+):/gm)].map(([, name]) => name ?? "");
    expect(settings.length).toBeGreaterThan(30);
    expect(settings.filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
  });

  it("names every variable that does not fit", () => {
    expect(() => readConfig({ MINIRUN_PORT: "http", MINIRUN_HOME: "var" })).toThrow(/MINIRUN_HOME.*MINIRUN_PORT/s);
  });
});

describe("without sign-in", () => {
  it("is refused unless this machine alone reaches MiniRun", () => {
    for (const host of ["0.0.0.0", "::", "10.0.0.7", "127.0.0.1.example.org", "run.example.org"]) {
      expect(() => readConfig({ MINIRUN_NO_AUTH: "true", MINIRUN_HOST: host }), host).toThrow(/--no-auth.*root/);
    }
    const proxied = { MINIRUN_NO_AUTH: "true", MINIRUN_TRUSTED_PROXIES: "127.0.0.1" };
    expect(() => readConfig(proxied)).toThrow(/TRUSTED_PROXIES/);
    for (const host of ["127.0.0.1", "127.8.0.1", "::1", "localhost"]) {
      expect(readConfig({ MINIRUN_NO_AUTH: "true", MINIRUN_HOST: host }).noAuth, host).toBe(true);
    }
  });
});

describe("paths", () => {
  it("keeps state below home and sockets below run", () => {
    const all = paths({ home: "/h", run: "/r" });
    expect(all.containers).toBe("/h/containers");
    expect(all.workerSocket).toBe("/r/worker.sock");
  });
});
