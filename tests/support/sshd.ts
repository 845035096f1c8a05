import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";
import { until } from "./until.ts";

/** An OpenSSH server on a port of loopback that lets root in by one key. */
export interface TestSshd {
  /** For `ssh -F`: port, keys and the server's own key. */
  clientConfig: string;
  stop(): Promise<void>;
}

/**
 * Starts it in a folder of its own. Where it is not installed, Debian's packages are unpacked into the folder: to install
 * them would start a server on port 22. It insists on a user and a folder of the system, which go again with it.
 */
export async function startSshd(folder: string, port: number): Promise<TestSshd> {
  mkdirSync(folder, { mode: 0o700 });
  const at = (name: string) => join(folder, name);
  const { program, libraries } = await findSshd(folder);
  for (const name of ["host", "client"]) await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at(name)]);
  await run(
    "bash",
    ["-c", `cp client.pub authorized && echo "[127.0.0.1]:${port} $(cut -d' ' -f1,2 host.pub)" >known`],
    folder,
  );
  writeFileSync(
    at("sshd_config"),
    `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${at("host")}\nAuthorizedKeysFile ${at("authorized")}\nPidFile none
StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n`,
  );
  writeFileSync(
    at("ssh_config"),
    `Port ${port}\nIdentityFile ${at("client")}\nIdentitiesOnly yes\nUserKnownHostsFile ${at("known")}\nGlobalKnownHostsFile none\n`,
  );
  const giveBack = await borrowFromSystem();
  const child = spawn(program, ["-D", "-e", "-f", at("sshd_config")], {
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (bytes) => {
    said += bytes;
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await until("sshd listens", () => child.exitCode !== null || said.includes("Server listening"));
  if (child.exitCode !== null) {
    await giveBack();
    throw new Error(`sshd ended: ${said}`);
  }
  return {
    clientConfig: at("ssh_config"),
    async stop() {
      child.kill("SIGTERM");
      await ended;
      await giveBack();
    },
  };
}

async function findSshd(folder: string): Promise<{ program: string; libraries: string }> {
  const installed = "/usr/sbin/sshd";
  if (existsSync(installed)) return { program: installed, libraries: "" };
  const get = "apt-get download -qq openssh-server libwrap0 libnsl2 libtirpc3";
  await run(
    "bash",
    ["-c", `(${get} || (apt-get update -qq && ${get})) && for one in *.deb; do dpkg -x $one .; done`],
    folder,
  );
  const triplet = (await run("bash", ["-c", "basename $(dirname $(ls -d usr/lib/*/libwrap.so.0))"], folder)).trim();
  const libraries = ["usr/lib", "lib"].map((path) => join(folder, path, triplet)).join(":");
  return { program: join(folder, installed), libraries };
}

/** What sshd is compiled to need; returns what takes away again what was not there before. */
async function borrowFromSystem(): Promise<() => Promise<void>> {
  const hasUser = (await runCommand("getent", ["passwd", "sshd"])).code === 0;
  if (!hasUser) await run("useradd", ["--system", "--no-create-home", "--home-dir", "/run/sshd", "sshd"]);
  const hasFolder = existsSync("/run/sshd");
  if (!hasFolder) mkdirSync("/run/sshd", { mode: 0o755 });
  return async () => {
    if (!hasUser) await run("userdel", ["sshd"]);
    if (!hasFolder) rmdirSync("/run/sshd");
  };
}

async function run(command: string, args: string[], cwd?: string): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, args, { ...(cwd && { cwd }), timeoutMs: 120_000 });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${stderr}`);
  return stdout;
}
