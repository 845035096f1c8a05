import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { OciHarness, ociBinary } from "./support/oci.ts";

const harness = new OciHarness();
afterAll(async () => expect(await harness.close()).toEqual([]));

const helper = fileURLToPath(new URL("support/terminal.py", import.meta.url));

/** A client's console socket; `output` resolves with what the terminal showed until it hung up. */
async function consoleSocket(path: string, text: string) {
  const child = spawn("python3", [helper, "socket", path, text], { stdio: ["ignore", "pipe", "inherit"] });
  let shown = "";
  const listening = new Promise<void>((resolve) => {
    child.stdout.on("data", (bytes) => {
      shown += bytes;
      if (shown.startsWith("listening\n")) resolve();
    });
  });
  const output = new Promise<string>((resolve) => child.once("close", () => resolve(shown)));
  await listening;
  return { output };
}

function onTerminal(text: string, ...args: string[]) {
  const command = ["run", text, ociBinary, "--root", harness.root, ...args];
  const { status, stdout } = spawnSync("python3", [helper, ...command], { encoding: "utf8", timeout: 20_000 });
  return { code: status, stdout };
}

const shell = (change: (config: { process: { terminal: boolean; args: string[] } }) => void = () => {}) =>
  harness.bundle("", (config) => {
    config.process.terminal = true;
    config.process.args = ["bash", "--norc", "--noprofile"];
    change(config);
  });

describe("a terminal", () => {
  test("goes to the client's console socket at create", async () => {
    const container = shell();
    const path = join(container.folder, "console");
    const { output } = await consoleSocket(path, "tty; test -t 1 && echo it-is-$((1 + 1)); exit 4\n");
    expect(container.create("--console-socket", path).code).toBe(0);
    expect(container.verb("start").code).toBe(0);
    expect(await output).toMatch(/\/dev\/pts\/0\r\n.*it-is-2/s);
    await container.untilStatus("stopped");
    expect(container.verb("delete").code).toBe(0);
  });

  test("goes there at exec as well", async () => {
    const container = harness.bundle("trap 'exit 0' TERM; while :; do sleep 0.05; done");
    expect(container.create().code).toBe(0);
    expect(container.verb("start").code).toBe(0);
    const path = join(container.folder, "console");
    const { output } = await consoleSocket(path, "echo it-is-$((1 + 1)); exit\n");
    const options = ["--detach", "--tty", "--console-socket", path];
    expect(harness.call("exec", ...options, container.id, "bash", "--norc").code).toBe(0);
    expect(await output).toMatch(/it-is-2/);
  });

  test("is a detached container's only where somebody takes it", () => {
    const created = shell().create();
    expect(created.code).toBe(1);
    expect(created.stderr).toMatch(/--console-socket: is needed/);
    const useless = harness.bundle("true").create("--console-socket", "/nowhere");
    expect(useless.stderr).toMatch(/--console-socket: has no use here/);
  });

  test("of one's own is passed on by run, with its size, and put back afterwards", () => {
    const container = shell();
    const { code, stdout } = onTerminal(
      "stty size; echo it-is-$((1 + 1)); exit 6\n",
      "run",
      "--bundle",
      container.folder,
      container.id,
    );
    expect(stdout).toMatch(/30 100\r\n.*it-is-2/s);
    expect(code).toBe(6);
  });

  test("takes more input than there is room for while its program writes", () => {
    const container = harness.bundle("trap 'exit 0' TERM; while :; do sleep 0.05; done");
    expect(container.create().code).toBe(0);
    expect(container.verb("start").code).toBe(0);
    const words = ["--root", harness.root, "exec", "--tty", container.id, "head", "-n", "20000"];
    const input = `${"a line".repeat(5)}\n`.repeat(30_000);
    const { status } = spawnSync(ociBinary, words, { input, stdio: ["pipe", "ignore", "ignore"], timeout: 20_000 });
    expect(status).toBe(0);
  });

  test("of one's own is passed on by exec", () => {
    const container = harness.bundle("trap 'exit 0' TERM; while :; do sleep 0.05; done");
    expect(container.create().code).toBe(0);
    expect(container.verb("start").code).toBe(0);
    const words = ["exec", "--tty", container.id, "bash", "--norc", "--noprofile"];
    const { code, stdout } = onTerminal("stty size; tty; exit 8\n", ...words);
    expect(stdout).toMatch(/30 100\r\n.*\/dev\/pts\/0/s);
    expect(code).toBe(8);
  });
});
