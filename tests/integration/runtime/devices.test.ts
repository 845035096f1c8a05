import { afterAll, describe, expect, test } from "vitest";
import { native } from "./support/addon.ts";
import type { Config, Resources } from "./support/config.ts";
import { Harness, script } from "./support/harness.ts";

const harness = new Harness();
afterAll(async () => expect(await harness.close()).toEqual([]));

const version = native.probe().cgroup.version;

/** Lets the container make device nodes, which its rules then judge. */
function mayMakeNodes(config: Config): void {
  for (const set of ["bounding", "effective", "permitted"] as const) {
    config.process.capabilities[set] = [...config.process.capabilities[set], "CAP_MKNOD"];
  }
}

/** What a command prints under device rules. */
async function printed(devices: Resources["devices"], command: string): Promise<string> {
  const container = harness.container((config) => {
    mayMakeNodes(config);
    config.linux.resources.devices = devices;
    script(config, `exec 2>&1; ${command}`);
  });
  return (await container.output()).stdout;
}

describe("device rules", () => {
  const denyAll = { allow: false, access: "rwm" };

  test("let the default devices through, and nothing else", async () => {
    const text = await printed(
      [denyAll],
      "echo x > /dev/null && head -c 1 /dev/zero | wc -c; mknod /dev/fuse c 10 229; mknod /dev/disk b 254 0; true",
    );
    expect(text).toMatch(/^1\n/);
    expect(text.match(/Operation not permitted/g)).toHaveLength(2);
  });

  test("permit what they name: these accesses, and no others", async () => {
    const text = await printed(
      [denyAll, { allow: true, type: "c", major: 10, minor: 229, access: "rm" }],
      `mknod /dev/fuse c 10 229 && head -c 0 /dev/fuse && echo read; echo x > /dev/fuse; mknod /dev/mem c 1 1; true`,
    );
    expect(text).toContain("read\n");
    expect(text).toMatch(/fuse: Operation not permitted/);
    expect(text).toMatch(/mem.*: Operation not permitted/);
  });

  test("are taken in their order: the last that names a device decides", async () => {
    const text = await printed(
      [denyAll, { allow: true, type: "c", major: 10, minor: 229, access: "rwm" }, denyAll],
      "mknod /dev/fuse c 10 229; true",
    );
    expect(text).toContain("Operation not permitted");
  });

  test("stand in the trace with what asked for them", async () => {
    const container = harness.container((config) => {
      config.linux.resources.devices = [denyAll, { allow: true, type: "c", major: 10, access: "r" }];
      script(config, "true");
    });
    await container.output();
    expect(container.trace().find(({ name }) => name === "device rules")).toMatchObject({
      call: version === 2 ? "bpf" : "write",
      arguments: "deny a *:* rwm, allow c 10:* r",
      setting: "/linux/resources/devices",
    });
  });

  test.runIf(version === 1)("that v1 can't express are refused, and named", async () => {
    const container = harness.container((config) => {
      config.linux.resources.devices = [
        { allow: true, type: "c", major: 10, access: "rwm" },
        { allow: false, type: "c", major: 10, minor: 229, access: "w" },
      ];
    });
    const report = await container.tryStart();
    expect(report).toMatchObject({ ok: false, step: "device rules", errnoName: "EOPNOTSUPP" });
    expect(report.subject).toBe("/linux/resources/devices/1");
  });

  test.runIf(version === 2)("may make a hole into a wider one on v2", async () => {
    const text = await printed(
      [
        denyAll,
        { allow: true, type: "c", access: "rwm" },
        { allow: false, type: "c", major: 10, minor: 229, access: "w" },
      ],
      "mknod /dev/fuse c 10 229 && echo made; head -c 0 /dev/fuse && echo read; echo x > /dev/fuse; true",
    );
    expect(text).toContain("made\nread\n");
    expect(text).toContain("Operation not permitted");
  });
});
