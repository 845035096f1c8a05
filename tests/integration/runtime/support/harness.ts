import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { native, shimBinary } from "./addon.ts";
import { type Config, defaultConfig } from "./config.ts";
import { makeRootfs } from "./rootfs.ts";
import { ShimClient } from "./shim-client.ts";

export interface StartReport {
  ok: boolean;
  pid: number;
  startTime: string;
  cgroup: { version: number; path: string };
  missing: { feature: string; reason: string }[];
  step: string;
  call: string;
  subject: string;
  errno: number;
  errnoName: string;
  message: string;
  remedy: string;
  code: string;
  details: Record<string, number>;
}

export interface TraceStep {
  name: string;
  side: "host" | "intermediate" | "child";
  call: string;
  arguments: string;
  setting: string | null;
  startNs: number;
  durationNs: number;
  errno: number;
  errnoName: string | null;
}

export interface ExitRecord {
  exitCode: number;
  signal: string | null;
  reason: string;
  oomKills: number;
  finishedAt: string;
  offset: number;
}

export interface LogRecord {
  offset: bigint;
  /** 1 is stdout or the terminal, 2 stderr, 3 the terminal's size. */
  stream: number;
  bytes: Buffer;
}

/** A place for the containers of one test file: folder, root filesystem and cgroup root of its own. */
export class Harness {
  readonly home = mkdtempSync(join(process.env.RUNTIME_TEST_DIR ?? tmpdir(), "minirun-test-runtime-"));
  readonly cgroupRoot = `/minirun-test-${process.pid}`;
  readonly rootfs = join(this.home, "rootfs");
  private readonly containers: TestContainer[] = [];

  constructor() {
    makeRootfs(this.rootfs);
  }

  container(change: (config: Config, container: TestContainer) => void = () => {}): TestContainer {
    const container = new TestContainer(this);
    change(container.config, container);
    this.containers.push(container);
    return container;
  }

  /** Ends what still runs and says what is left behind: nothing, if all is well. */
  async close(): Promise<string[]> {
    for (const container of this.containers) await container.kill();
    const left = native.cgroupList(this.cgroupRoot).map((name) => `cgroup ${this.cgroupRoot}/${name}`);
    left.push(...this.processes().map((line) => `process ${line}`), ...this.mounts().map((line) => `mount ${line}`));
    native.cgroupRemoveRoot(this.cgroupRoot);
    await native.removeTree(this.home);
    return left;
  }

  /** Shims of this harness that still run; their command line tells them by id. */
  private processes(): string[] {
    const ids = this.containers.map((container) => container.id.slice(0, 8));
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim()}`];
        } catch {
          return [];
        }
      })
      .filter((line) => line.includes("minirun-shim") && ids.some((id) => line.includes(id)));
  }

  private mounts(): string[] {
    return readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .filter((line) => line.includes(this.home));
  }
}

/** One container, driven through the addon and its shim's socket alone. */
export class TestContainer {
  readonly id = randomUUID();
  readonly state: string;
  readonly run: string;
  readonly cgroup: string;
  readonly cache: string;
  readonly config: Config;
  shimArgs: string[] = [];
  shimPid = 0;
  shimStartTime = "";
  report!: StartReport;
  private readonly clients: ShimClient[] = [];

  constructor(harness: Harness) {
    this.state = join(harness.home, "containers", this.id);
    this.run = join(harness.home, "run", this.id.slice(0, 13));
    this.cgroup = `${harness.cgroupRoot}/${this.id}`;
    this.cache = join(harness.home, "cache");
    for (const name of ["upper", "work", "bundle/rootfs"]) mkdirSync(join(this.state, name), { recursive: true });
    mkdirSync(this.run, { recursive: true });
    mkdirSync(this.cache, { recursive: true });
    this.config = defaultConfig(this.cgroup, {
      lower: harness.rootfs,
      upper: join(this.state, "upper"),
      work: join(this.state, "work"),
    });
  }

  writeConfig(): void {
    writeFileSync(join(this.state, "bundle/config.json"), JSON.stringify(this.config));
  }

  /** Starts, whatever comes of it; the report says. */
  async tryStart(): Promise<StartReport> {
    this.writeConfig();
    const args = ["--id", this.id, "--bundle", join(this.state, "bundle"), "--state", this.state, "--run", this.run];
    const shim = await native.spawnShim({
      binary: shimBinary,
      args: [...args, "--cache", this.cache, ...this.shimArgs],
    });
    this.shimPid = shim.pid;
    this.shimStartTime = shim.startTime;
    this.report = JSON.parse(shim.report);
    return this.report;
  }

  async start(): Promise<this> {
    const report = await this.tryStart();
    if (!report.ok) throw new Error(`start failed: ${JSON.stringify(report)}`);
    return this;
  }

  async attach(options: { resumeFrom?: bigint; writable?: boolean } = {}): Promise<ShimClient> {
    const client = await ShimClient.attach(this.socket, options);
    this.clients.push(client);
    return client;
  }

  async connect(): Promise<ShimClient> {
    const client = await ShimClient.connect(this.socket);
    this.clients.push(client);
    return client;
  }

  get socket(): string {
    return join(this.run, "shim.sock");
  }

  /** Runs the container to its end, and gives all that it wrote, as its log has it. */
  async output(): Promise<{ stdout: string; stderr: string; exit: ExitRecord }> {
    await this.start();
    await this.gone();
    return { stdout: this.logText(1), stderr: this.logText(2), exit: this.exitRecord() };
  }

  logText(stream: 1 | 2): string {
    const records = this.logRecords().filter((record) => record.stream === stream);
    return Buffer.concat(records.map((record) => record.bytes)).toString();
  }

  /** Waits until the shim has ended. */
  async gone(): Promise<void> {
    await native.watchProcess(this.shimPid, this.shimStartTime);
  }

  exitRecord(): ExitRecord {
    return JSON.parse(readFileSync(join(this.run, "exit.json"), "utf8"));
  }

  trace(): TraceStep[] {
    return JSON.parse(readFileSync(join(this.state, "trace.json"), "utf8")).steps;
  }

  /** A file of /proc of the container's first process, as the host sees it. */
  proc(file: string): string {
    return readFileSync(`/proc/${this.report.pid}/${file}`, "utf8");
  }

  /** All records of output in the log, oldest file first. */
  logRecords(): LogRecord[] {
    const files = ["output.log.3", "output.log.2", "output.log.1", "output.log"].map((name) => join(this.state, name));
    const records = files.filter(existsSync).flatMap((file) => parseLog(readFileSync(file)));
    return records.filter(({ stream }) => stream !== 3);
  }

  /** Kills what there is of it and waits for the end. */
  async kill(): Promise<void> {
    for (const client of this.clients) client.close();
    if (this.shimPid === 0) return;
    await native.cgroupKill(this.cgroup);
    await this.gone();
  }
}

/** The records of one log file. */
export function parseLog(content: Buffer): LogRecord[] {
  const records: LogRecord[] = [];
  for (let at = 0; at + 24 <= content.length; ) {
    const length = content.readUInt32BE(at + 16);
    records.push({
      offset: content.readBigUInt64BE(at),
      stream: content.readUInt8(at + 20),
      bytes: content.subarray(at + 24, at + 24 + length),
    });
    at += 24 + length;
  }
  return records;
}

/** `command` under bash, with three pipes instead of a terminal. */
export function script(config: Config, command: string): void {
  config.process.terminal = false;
  config.process.args = ["bash", "-c", command];
}
