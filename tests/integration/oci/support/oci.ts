import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, native } from "../../runtime/support/addon.ts";
import { type Config, defaultConfig } from "../../runtime/support/config.ts";
import { makeRootfs } from "../../runtime/support/rootfs.ts";

export const ociBinary = join(build, "minirun-oci");

export interface Called {
  code: number;
  stdout: string;
  stderr: string;
}

export interface State {
  ociVersion: string;
  id: string;
  pid: number;
  status: string;
  bundle: string;
}

/** A place for the containers of one test file: root filesystem, state root and cgroup root of its own. */
export class OciHarness {
  readonly home = mkdtempSync(join(process.env.RUNTIME_TEST_DIR ?? tmpdir(), "minirun-test-oci-"));
  readonly rootfs = join(this.home, "rootfs");
  readonly root = join(this.home, "state");
  readonly cgroupRoot = `/minirun-test-oci-${process.pid}`;
  private count = 0;

  constructor() {
    makeRootfs(this.rootfs);
  }

  /** A bundle whose container runs `command` under bash; `change` makes it what a test is about. */
  bundle(command: string, change: (config: Config) => void = () => {}): OciContainer {
    const container = new OciContainer(this, `c${++this.count}`);
    const config = defaultConfig(`${this.cgroupRoot}/${container.id}`, { lower: "", upper: "", work: "" });
    config.annotations = {};
    config.root = { path: this.rootfs, readonly: false };
    config.process.terminal = false;
    config.process.args = ["bash", "-c", command];
    change(config);
    writeFileSync(join(container.folder, "config.json"), JSON.stringify(config));
    return container;
  }

  /** Calls minirun-oci and waits for its end. */
  call(...args: string[]): Called {
    const { status, stdout, stderr } = spawnSync(ociBinary, ["--root", this.root, ...args], { encoding: "utf8" });
    return { code: status ?? -1, stdout, stderr };
  }

  /** The same where a container keeps the streams: they are files. */
  callWithFiles(folder: string, ...args: string[]): Called {
    const files = ["stdout", "stderr"].map((name) => openSync(join(folder, name), "a"));
    const { status } = spawnSync(ociBinary, ["--root", this.root, ...args], { stdio: ["ignore", ...files] });
    for (const file of files) closeSync(file);
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    return { code: status ?? -1, stdout: read("stdout"), stderr: read("stderr") };
  }

  /** A shell's command line, in which "$OCI" is minirun-oci with this harness's state root. */
  shell(command: string): Called {
    const line = command.replaceAll('"$OCI"', `"${ociBinary}" --root "${this.root}"`);
    const { status, stdout, stderr } = spawnSync("bash", ["-c", line], { encoding: "utf8" });
    return { code: status ?? -1, stdout, stderr };
  }

  spawn(...args: string[]) {
    return spawn(ociBinary, ["--root", this.root, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  }

  /** Deletes every container and says what is left behind: nothing, if all is well. */
  async close(): Promise<string[]> {
    const ids = this.call("list", "--quiet").stdout.split("\n").filter(Boolean);
    const left = ids.flatMap((id) => {
      const deleted = this.call("delete", "--force", id);
      return deleted.code === 0 ? [] : [`container ${id}: ${deleted.stderr}`];
    });
    left.push(...native.cgroupList(this.cgroupRoot).map((name) => `cgroup ${name}`));
    left.push(
      ...readFileSync("/proc/self/mountinfo", "utf8")
        .split("\n")
        .filter((line) => line.includes(this.home)),
    );
    native.cgroupRemoveRoot(this.cgroupRoot);
    await native.removeTree(this.home);
    return left;
  }
}

/** One container, by its bundle and its name, driven as clients do: by the command line alone. */
export class OciContainer {
  readonly folder: string;

  constructor(
    private readonly harness: OciHarness,
    readonly id: string,
  ) {
    this.folder = join(harness.home, id);
    mkdirSync(this.folder);
  }

  get pidFile(): string {
    return join(this.folder, "pid");
  }

  create(...options: string[]): Called {
    const args = ["create", "--bundle", this.folder, "--pid-file", this.pidFile, ...options, this.id];
    return this.harness.callWithFiles(this.folder, ...args);
  }

  /** Runs it to its end, in front. */
  run(...options: string[]): Called {
    return this.harness.call("run", "--bundle", this.folder, ...options, this.id);
  }

  verb(name: string, ...words: string[]): Called {
    return this.harness.call(name, this.id, ...words);
  }

  state(): State {
    const { code, stdout, stderr } = this.verb("state");
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  }

  /** What the container's program has written, where it was created with files. */
  output(name: "stdout" | "stderr" = "stdout"): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  files(): string[] {
    return readdirSync(join(this.harness.root, this.id)).sort();
  }

  async untilStatus(status: string): Promise<void> {
    let last = "";
    for (let round = 0; round < 200; ++round) {
      const { code, stdout, stderr } = this.verb("state");
      last = code === 0 ? JSON.parse(stdout).status : stderr;
      if (last === status) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`${this.id} is not ${status}: ${last}`);
  }
}
