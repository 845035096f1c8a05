import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { OciHarness, ociBinary } from "./support/oci.ts";

const harness = new OciHarness();
afterAll(async () => expect(await harness.close()).toEqual([]));

const idle = "trap 'exit 0' TERM; while :; do sleep 0.05; done";
const mebibyte = 2 ** 20;

function running(limits: { memory?: number; pids?: number } = {}) {
  const container = harness.bundle(idle, (config) => {
    config.linux.resources = {
      memory: { limit: limits.memory ?? 64 * mebibyte },
      pids: { limit: limits.pids ?? 64 },
    };
  });
  expect(container.create()).toMatchObject({ code: 0, stderr: "" });
  expect(container.verb("start").code).toBe(0);
  return container;
}

const usage = (container: { id: string }) => JSON.parse(harness.call("events", "--stats", container.id).stdout);

describe("events", () => {
  test("say once what a container uses", () => {
    const container = running();
    const { type, id, data } = usage(container);
    expect({ type, id }).toEqual({ type: "stats", id: container.id });
    expect(data.cpu.usage.total).toBeGreaterThan(0);
    expect(data.memory.usage.usage).toBeGreaterThan(0);
    expect(data.memory.usage.limit).toBe(64 * mebibyte);
    expect(data.pids).toMatchObject({ limit: 64 });
    expect(data.pids.current).toBeGreaterThan(0);
  });

  test("go on until the container has ended", async () => {
    const container = running();
    const child = spawn(ociBinary, ["--root", harness.root, "events", "--interval", "20ms", container.id]);
    let output = "";
    const twice = new Promise<void>((resolve) => {
      child.stdout.on("data", (bytes) => {
        output += bytes;
        if (output.split("\n").length > 2) resolve();
      });
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    await twice;
    expect(container.verb("kill", "KILL").code).toBe(0);
    expect(await ended).toBe(0);
    for (const line of output.trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ id: container.id });
  });

  test("refuse what is no time", () => {
    const { code, stderr } = harness.call("events", "--interval", "soon", running().id);
    expect(code).not.toBe(0);
    expect(stderr).toContain('expected a time such as 500ms or 5s, received "soon"');
  });
});

describe("update", () => {
  test("changes limits by options", () => {
    const container = running();
    expect(harness.call("update", "--memory", "48m", "--pids-limit", "32", container.id)).toMatchObject({ code: 0 });
    const { memory, pids } = usage(container).data;
    expect(memory.usage.limit).toBe(48 * mebibyte);
    expect(pids.limit).toBe(32);
  });

  test("changes limits by a file like linux.resources", () => {
    const container = running();
    const file = join(container.folder, "resources.json");
    writeFileSync(file, JSON.stringify({ pids: { limit: 16 } }));
    expect(harness.call("update", "--resources", file, container.id)).toMatchObject({ code: 0 });
    expect(usage(container).data.pids.limit).toBe(16);
    writeFileSync(file, JSON.stringify({ pids: { limit: "many" } }));
    const refused = harness.call("update", "--resources", file, container.id);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("/pids/limit");
    expect(usage(container).data.pids.limit).toBe(16);
  });

  test("takes weights within their bounds, and 0 for none", () => {
    const container = running();
    const none = ["--blkio-weight", "0", "--cpu-share", "0"];
    expect(harness.call("update", ...none, "--pids-limit", "24", container.id)).toMatchObject({ code: 0 });
    expect(usage(container).data.pids.limit).toBe(24);
    for (const weight of ["9", "65546"]) {
      const refused = harness.call("update", "--blkio-weight", weight, container.id);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toContain("--blkio-weight: expected");
    }
  });

  test("refuses what is no size, and what no longer runs", async () => {
    const container = running();
    const size = harness.call("update", "--memory", "lots", container.id);
    expect(size.code).not.toBe(0);
    expect(size.stderr).toContain('received "lots"');
    expect(container.verb("kill", "KILL").code).toBe(0);
    await container.untilStatus("stopped");
    const late = harness.call("update", "--pids-limit", "8", container.id);
    expect(late.code).toBe(1);
    expect(late.stderr).toContain("container is not running: it is stopped");
  });
});

describe("spec", () => {
  test("writes a configuration that runs, and none over another", () => {
    const folder = join(harness.home, "spec");
    mkdirSync(folder);
    expect(harness.call("spec", "--bundle", folder)).toEqual({ code: 0, stdout: "", stderr: "" });
    const file = join(folder, "config.json");
    const config = JSON.parse(readFileSync(file, "utf8"));
    config.root.path = harness.rootfs;
    config.process.terminal = false;
    config.process.args = ["bash", "-c", "echo $(hostname) $$"];
    config.linux.cgroupsPath = `${harness.cgroupRoot}/spec`;
    writeFileSync(file, JSON.stringify(config));
    expect(harness.call("run", "--bundle", folder, "spec")).toEqual({ code: 0, stdout: "minirun 1\n", stderr: "" });
    const again = harness.call("spec", "--bundle", folder);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("is there already");
  });

  test("maps the caller where it is to be rootless", () => {
    const folder = join(harness.home, "rootless");
    mkdirSync(folder);
    expect(harness.call("spec", "--rootless", "--bundle", folder).code).toBe(0);
    const { linux } = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
    expect(linux.namespaces).toContainEqual({ type: "user" });
    expect(linux.uidMappings).toEqual([{ containerID: 0, hostID: 0, size: 1 }]);
  });
});

describe("the command line", () => {
  test("explains itself and its verbs", () => {
    const all = harness.call("--help");
    expect(all.code).toBe(0);
    for (const verb of ["create", "update", "events", "features"]) expect(all.stdout).toContain(`\n  ${verb} `);
    expect(harness.call("update", "--help").stdout).toMatch(/^minirun-oci update: .*--pids-limit/s);
    expect(harness.call("--version").stdout).toMatch(/^minirun-oci version \S+\nspec: \S+\n$/);
  });

  test.each([
    [["fly"], "is no verb of minirun-oci"],
    [["--log-format", "xml", "list"], 'expected text or json, received "xml"'],
    [["--systemd-cgroup", "list"], "cgroupfs"],
    [["state"], "expected CONTAINER"],
  ])("refuses %j", (words, said) => {
    const { code, stderr } = harness.call(...words);
    expect(code).not.toBe(0);
    expect(stderr).toContain(said);
  });

  test("tells what it knows of the specification, and what this host offers", () => {
    expect(JSON.parse(harness.call("features").stdout)).toMatchObject({ linux: { cgroup: { v1: true, v2: true } } });
    const { findings } = JSON.parse(harness.call("doctor").stdout);
    expect(findings.length).toBeGreaterThan(10);
    expect(findings[0]).toMatchObject({ id: expect.any(String), there: expect.any(Boolean) });
  });
});
