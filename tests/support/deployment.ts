import { spawn } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { makeInstanceFolder, projectRoot } from "./instance.ts";
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

export interface Deployed {
  code: number | null;
  output: string;
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
      setTimeout(() => resolve({ code, output }), 50);
    });
  });
}
