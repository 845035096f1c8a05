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
