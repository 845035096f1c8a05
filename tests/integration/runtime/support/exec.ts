import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { native, shimBinary } from "./addon.ts";
import type { Config } from "./config.ts";
import { type ExitRecord, parseLog, type StartReport, type TestContainer, type TraceStep } from "./harness.ts";
import { ShimClient } from "./shim-client.ts";

type Process = Config["process"];

/** A further process in a container, driven through the addon and its own shim's socket alone. */
export class TestExec {
  readonly id = randomUUID();
  readonly state: string;
  readonly run: string;
  shimPid = 0;
  shimStartTime = "";
  report!: StartReport;

  constructor(private readonly container: TestContainer) {
    this.state = join(container.state, "sessions", this.id);
    this.run = join(container.run, this.id.slice(0, 8));
    for (const folder of [this.state, this.run]) mkdirSync(folder, { recursive: true });
  }

  /** Executes; whatever comes of it, the report says. `target` stands for the container's first process. */
  async start(change: Partial<Process>, target: { pid?: number; startTime?: string } = {}): Promise<this> {
    const path = join(this.state, "process.json");
    writeFileSync(path, JSON.stringify({ ...this.container.config.process, ...change }));
    const { pid, startTime } = { ...this.container.report, ...target };
    const shim = await native.spawnShim({
      binary: shimBinary,
      args: [
        ...["--id", this.id, "--bundle", join(this.container.state, "bundle")],
        ...["--state", this.state, "--run", this.run, "--cache", this.container.cache],
        ...["--process", path, "--target-pid", String(pid), "--target-start-time", startTime],
      ],
    });
    this.shimPid = shim.pid;
    this.shimStartTime = shim.startTime;
    this.report = JSON.parse(shim.report);
    return this;
  }

  attach(options: { resumeFrom?: bigint; writable?: boolean } = {}): Promise<ShimClient> {
    return ShimClient.attach(join(this.run, "shim.sock"), options);
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

  /** All that it has printed, both streams in one. */
  output(): string {
    const records = parseLog(readFileSync(join(this.state, "output.log"))).filter(({ stream }) => stream !== 3);
    return Buffer.concat(records.map(({ bytes }) => bytes)).toString();
  }
}
