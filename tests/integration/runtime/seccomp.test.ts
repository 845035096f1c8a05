import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Config } from "./support/config.ts";
import { TestExec } from "./support/exec.ts";
import { Harness, script, type TestContainer } from "./support/harness.ts";
import { ownIds } from "./support/user-namespace.ts";

const harness = new Harness();
const socket = join(harness.home, "agent.sock");
let agent: ChildProcess;
let told: AsyncIterator<string>;

beforeAll(async () => {
  const program = fileURLToPath(new URL("./support/seccomp-agent.py", import.meta.url));
  agent = spawn("python3", [program, socket], { stdio: ["ignore", "pipe", "inherit"] });
  if (!agent.stdout) throw new Error("the agent has no output");
  told = createInterface({ input: agent.stdout })[Symbol.asyncIterator]();
  expect((await told.next()).value).toBe("ready");
});

afterAll(async () => {
  agent.kill();
  expect(await harness.close()).toEqual([]);
});

type Rule = { names: string[]; action: string; errnoRet?: number; args?: object[] };

/** A profile that allows all but what the rules say. */
function filter(config: Config, rules: Rule[], more: object = {}): void {
  const seccomp = { defaultAction: "SCMP_ACT_ALLOW", architectures: ["SCMP_ARCH_X86_64"], syscalls: rules, ...more };
  Object.assign(config.linux, { seccomp });
}

const asking = { listenerPath: socket, listenerMetadata: "for the test" };
const askAboutMkdir: Rule[] = [{ names: ["mkdir", "mkdirat"], action: "SCMP_ACT_NOTIFY" }];

/** A container that asks about mkdir, with no_new_privs or without, with a user namespace or without. */
function askingContainer(command: string, variant: { noNewPrivileges: boolean; mapped: boolean }): TestContainer {
  return harness.container((config, container) => {
    if (variant.mapped) ownIds(config, container, 700_000);
    config.process.noNewPrivileges = variant.noNewPrivileges;
    filter(config, askAboutMkdir, asking);
    script(config, command);
  });
}

const next = async () => JSON.parse((await told.next()).value as string);

test("a listener gets the filter with the container's state, and its answers are the calls' results", async () => {
  for (const noNewPrivileges of [true, false]) {
    for (const mapped of [false, true]) {
      const container = askingContainer("mkdir /x; ls /proc/self/fd; read line", { noNewPrivileges, mapped });
      container.config.process.terminal = true;
      await container.start();
      const client = await container.attach();
      const text = await client.untilText("3");
      expect(text).toContain("Disk quota exceeded");
      // 3 is ls's own: the program has no descriptor of the filter.
      expect(text.trim().split(/\s+/).slice(-4)).toEqual(["0", "1", "2", "3"]);
      expect(await next()).toMatchObject({
        ociVersion: "1.2.0",
        fds: ["seccompFd"],
        pid: container.report.pid,
        metadata: "for the test",
        state: {
          id: container.id,
          status: "creating",
          pid: container.report.pid,
          bundle: join(container.state, "bundle"),
        },
      });
      await container.kill();
    }
  }
});

test("a further command's filter is its own, and the listener hears of it", async () => {
  const container = await askingContainer("read line", { noNewPrivileges: true, mapped: true }).start();
  await next();
  const exec = await new TestExec(container).start({ terminal: false, args: ["mkdir", "/x"] });
  await exec.gone();
  expect(exec.output()).toContain("Disk quota exceeded");
  const state = await next();
  expect(state).toMatchObject({ state: { status: "running" } });
  expect(state.pid).toBe(exec.report.pid);
  await container.kill();
});

test("the listener may be asked about every call, those of the start included", async () => {
  const container = harness.container((config) => {
    const all = [
      "read",
      "write",
      "close",
      "sendmsg",
      "sendto",
      "recvmsg",
      "nanosleep",
      "capset",
      "close_range",
      "futex",
    ];
    filter(config, [{ names: all, action: "SCMP_ACT_NOTIFY" }], asking);
    config.process.noNewPrivileges = true;
    script(config, "true");
  });
  await container.start();
  expect((await next()).pid).toBe(container.report.pid);
  await container.gone();
});

test("where nobody listens the start fails and says so", async () => {
  const container = harness.container((config) =>
    filter(config, askAboutMkdir, { listenerPath: join(harness.home, "nobody.sock") }),
  );
  const report = await container.tryStart();
  expect(report).toMatchObject({ ok: false, step: "seccomp listener", errnoName: "ENOENT" });
  expect(report.message).toContain("nobody is there to be asked");
});

test("a call that is refused fails with the errno that was asked for, and one with other arguments doesn't", async () => {
  const container = harness.container((config) => {
    filter(
      config,
      [
        { names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 28 },
        { names: ["kill"], action: "SCMP_ACT_ERRNO", args: [{ index: 1, value: 12, op: "SCMP_CMP_EQ" }] },
      ],
      { architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_MIPS", "SCMP_ARCH_LOONGARCH64"] },
    );
    script(config, "mkdir /x; kill -0 $$ && echo sent; kill -12 $$");
  });
  const { stdout, stderr } = await container.output();
  expect(stderr).toContain("No space left on device");
  expect(stdout).toBe("sent\n");
  expect(stderr).toContain("Operation not permitted");
});

test("a call may cost the whole process", async () => {
  const container = harness.container((config) => {
    filter(config, [{ names: ["mkdir", "mkdirat"], action: "SCMP_ACT_KILL_PROCESS" }], {
      flags: ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"],
    });
    config.process.terminal = false;
    config.process.args = ["mkdir", "/x"];
  });
  expect((await container.output()).exit).toMatchObject({ signal: "SIGSYS", exitCode: 159 });
});

test("what makes no sense is refused by its field", async () => {
  const cases: [string, (config: Config) => void][] = [
    ["/linux/seccomp/listenerPath", (config) => filter(config, askAboutMkdir)],
    ["/linux/seccomp/listenerPath", (config) => filter(config, [], asking)],
    [
      "/linux/seccomp/syscalls/0/errnoRet",
      (config) => filter(config, [{ names: ["mkdir"], action: "SCMP_ACT_KILL", errnoRet: 1 }]),
    ],
    ["/linux/seccomp/architectures/0", (config) => filter(config, [], { architectures: ["SCMP_ARCH_VAX"] })],
  ];
  for (const [field, change] of cases) {
    const report = await harness.container((config) => change(config)).tryStart();
    expect(report).toMatchObject({ ok: false, code: "invalid-bundle", subject: field });
  }
});
