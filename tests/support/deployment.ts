import { spawn } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { makeInstanceFolder, projectRoot } from "./instance.ts";
import { listProcesses, type ProcessEntry } from "./processes.ts";
import { runCommand } from "./run-command.ts";

/** A prefix that scripts/deploy.sh deploys to, and a tree of its own that it deploys from. */
export interface Deployment {
  name: string;
  folder: string;
  prefix: string;
  /** What is built; a test changes it between two deployments. */
  tree: string;
  environment: NodeJS.ProcessEnv;
}

/** Makes the tree from the project's build, and the settings that the deployed instance is to have. */
export async function makeDeployment(): Promise<Deployment> {
  const made = await makeInstanceFolder();
  const prefix = join(made.folder, "prefix");
  const tree = join(made.folder, "tree");
  const packed = await runCommand("node", [join(projectRoot, "dist/cli.js"), "pack", tree]);
  if (packed.code !== 0) throw new Error(packed.stderr);
  for (const path of ["scripts", "systemd"]) cpSync(join(projectRoot, path), join(tree, path), { recursive: true });
  copyFileSync(join(projectRoot, "minirun"), join(tree, "minirun"));
  mkdirSync(join(prefix, "etc"), { recursive: true, mode: 0o755 });
  const lines = Object.entries(made.environment).filter(([key]) => key.startsWith("MINIRUN_"));
  writeFileSync(join(prefix, "etc/minirun.env"), lines.map(([key, value]) => `${key}=${value}\n`).join(""));
  return { ...made, prefix, tree };
}

/** The release that the prefix's link names; null without a link. */
export function currentRelease({ prefix }: Deployment): string | null {
  const link = join(prefix, "current");
  return existsSync(link) ? basename(readlinkSync(link)) : null;
}

/** Makes the server's program another one, by what is put before it. */
export function changeServer({ tree }: Deployment, line: string): void {
  const program = join(tree, "dist/server.js");
  writeFileSync(program, `${line}\n${readFileSync(program, "utf8")}`);
}

/** Puts the first line of the server's program out again. */
export function restoreServer({ tree }: Deployment): void {
  const program = join(tree, "dist/server.js");
  writeFileSync(program, readFileSync(program, "utf8").replace(/^.*\n/, ""));
}

/** What the last activation has written. */
export function deployLog({ prefix }: Deployment): string {
  const log = join(prefix, "deploy.log");
  return existsSync(log) ? readFileSync(log, "utf8") : "";
}

/** Every process of deploy.sh that works on this prefix, subshells among them. */
export function activations({ prefix }: Deployment): ProcessEntry[] {
  return listProcesses().filter(({ command }) => command.includes(`--prefix ${prefix}`));
}

export function killAll(processes: readonly ProcessEntry[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // A subshell that has just ended.
    }
  }
}

/**
 * What the launcher took to install and build here from nothing, in seconds; null when it has not, since it writes that
 * down.
 */
export function coldInstallSeconds(): number | null {
  const files = ["npm-ci", "build"].map((name) => join(projectRoot, `.minirun-build/${name}.log.time`));
  if (!files.every((file) => existsSync(file))) return null;
  return files.reduce((sum, file) => sum + Number.parseFloat(readFileSync(file, "utf8")), 0);
}

export interface Deployed {
  code: number | null;
  output: string;
  seconds: number;
}

/**
 * Runs deploy.sh on the tree as it is. With `killAt` the script is killed (SIGKILL) at the first line that has this; the
 * result is there when the script has ended, not when all that it started has.
 */
export function deploy({ tree, prefix }: Deployment, options: readonly string[] = [], killAt?: string) {
  const { PATH, HOME, NODE_ENV } = process.env;
  const script = join(tree, "scripts/deploy.sh");
  const child = spawn("bash", [script, "--prefix", prefix, "--no-build", ...options], {
    env: { PATH, HOME, NODE_ENV },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const began = performance.now();
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes: Buffer) => {
      output += bytes;
      if (killAt !== undefined && output.includes(killAt)) child.kill("SIGKILL");
    });
  }
  return new Promise<Deployed>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      // What it has written is read to the end, which the children of a killed one may keep open.
      const seconds = (performance.now() - began) / 1000;
      setTimeout(() => resolve({ code, output, seconds }), 50);
    });
  });
}
