import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";
import { until } from "./until.ts";

/**
 * Runs nginx with that `http` block in a folder of its own, until the returned function ends it. Where it is not installed,
 * Debian's package is unpacked into the folder: to install it would start a server on port 80.
 */
export async function startNginx(folder: string, http: string, port: number): Promise<() => Promise<void>> {
  mkdirSync(join(folder, "temporary"), { recursive: true });
  const program = await findNginx(folder);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${folder}/temporary/${kind};`,
  );
  const configuration = join(folder, "nginx.conf");
  const main = `user root; worker_processes 1; daemon off; pid ${folder}/pid; error_log ${folder}/error.log;`;
  writeFileSync(configuration, `${main}\nevents {}\nhttp {\naccess_log off;\n${temporary.join("\n")}\n${http}\n}\n`);
  const child = spawn(program, ["-p", folder, "-e", join(folder, "error.log"), "-c", configuration], { stdio: "pipe" });
  let said = "";
  child.stderr.on("data", (bytes) => {
    said += bytes;
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await until("nginx listens", () => child.exitCode !== null || listens(port));
  if (child.exitCode !== null) throw new Error(`nginx ended: ${said}`);
  return async () => {
    child.kill("SIGTERM");
    await ended;
  };
}

async function findNginx(folder: string): Promise<string> {
  const installed = "/usr/sbin/nginx";
  if (existsSync(installed)) return installed;
  const commands = "apt-get update -qq && apt-get download -qq nginx && dpkg -x nginx_*.deb .";
  const { code, stderr } = await runCommand("bash", ["-c", commands], { cwd: folder, timeoutMs: 120_000 });
  if (code !== 0) throw new Error(`nginx is missing, and Debian's package can't be had: ${stderr}`);
  return join(folder, installed);
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    }).on("error", () => resolve(false));
  });
}
