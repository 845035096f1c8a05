import { spawn } from "node:child_process";
import { closeSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { type Config, isLoopback, readConfig } from "../../lib/config.ts";
import { CliError, ExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { version } from "../installation.ts";
import { makeSignInLink } from "../sign-in-link.ts";
import { type Style, styleFor } from "../style.ts";
import { addressOf } from "../supervisor/address.ts";
import { readClientSecrets } from "../supervisor/client-secrets.ts";
import { logFolder } from "../supervisor/folders.ts";
import { openLog } from "../supervisor/log-file.ts";
import { requireFreePort } from "../supervisor/port.ts";
import { prepareInstallation, requireRoot } from "../supervisor/prepare.ts";
import { runningSupervisor, type SupervisorState } from "../supervisor/state.ts";
import { supervise, waitUntilRunning } from "../supervisor/supervise.ts";
import { tryDatabase } from "../supervisor/try-database.ts";
import { settingsEnvironment } from "../supervisor/web-and-worker.ts";

interface UpOptions {
  detach?: boolean;
  dev?: boolean;
  host?: string;
  port?: string;
  auth: boolean;
}

/** How long a first start may take: the cluster and the host image are made then. */
const startMilliseconds = 120_000;

export function registerUp(program: Command): void {
  const command = program
    .command("up")
    .summary("start MiniRun on this machine")
    .description(
      "Starts database, worker and dashboard, keeps them running, and prints the address and a link that signs you in once. Stays in the foreground; Ctrl-C stops it. Containers go on in either case.",
    )
    .option("-d, --detach", "return when everything answers, and go on in the background")
    .option("--host <address>", "address to listen on (MINIRUN_HOST)")
    .option("--port <number>", "port to listen on (MINIRUN_PORT)")
    .option(
      "--no-auth",
      "let every user of this machine in without signing in; refused unless it listens on loopback alone",
    )
    .option("--dev", "run worker and dashboard from the sources, with hot reload, as root: for development alone")
    .action(async (options: UpOptions) => {
      const config = settings(options);
      requireRoot("up", "makes namespaces, cgroups, mounts and system users");
      const running = runningSupervisor(config);
      if (running) return sayThatItRuns(config, running, options.detach === true);
      const development = options.dev === true;
      if (options.detach) await upDetached(config, development);
      else await upInForeground(config, development);
    });
  addExamples(command, "./minirun up", "./minirun up --detach --port 9090");

  program
    .command("supervise", { hidden: true })
    .description("what up --detach leaves running")
    .option("--dev")
    .action((options: { dev?: boolean }) => runSupervisor(readConfig(), options.dev === true, console.log));
}

function settings({ host, port, auth }: UpOptions): Config {
  return readConfig({
    ...process.env,
    ...(host && { MINIRUN_HOST: host }),
    ...(port && { MINIRUN_PORT: port }),
    ...(!auth && { MINIRUN_NO_AUTH: "true" }),
  });
}

async function upInForeground(config: Config, development: boolean): Promise<void> {
  const style = styleFor(process.stdout);
  const ready = waitUntilRunning(config, startMilliseconds).then(async (runs) => {
    if (!runs) return console.error(notRunningYet(config).message);
    await printWelcome(config, style);
    console.log(style.dim("Ctrl-C stops it; containers go on."));
  });
  await runSupervisor(config, development, (line) => console.log(style.dim(line)));
  await ready;
}

async function runSupervisor(config: Config, development: boolean, say: (line: string) => void): Promise<void> {
  const installation = prepareInstallation(config, { development });
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      say(`${signal}: stopping`);
      stop.abort();
    });
  }
  await supervise(installation, { signal: stop.signal, say });
  process.exit(ExitCode.ok);
}

async function upDetached(config: Config, development: boolean): Promise<void> {
  // Done here first, so that what is wrong is said here.
  const { release } = prepareInstallation(config, { development });
  await requireFreePort(config);
  const program = join(release.development ? release.development : release.folder, "dist/cli.js");
  const log = openLog(logFolder(config), "supervisor");
  const child = spawn(
    process.execPath,
    ["--enable-source-maps", program, "supervise", ...(development ? ["--dev"] : [])],
    {
      env: { ...process.env, ...settingsEnvironment(config) },
      cwd: "/",
      stdio: ["ignore", "ignore", log],
      detached: true,
    },
  );
  closeSync(log);
  const ended = new Promise<false>((resolve) => child.once("exit", () => resolve(false)));
  if (!(await Promise.race([waitUntilRunning(config, startMilliseconds), ended]))) {
    if (child.exitCode === null) throw notRunningYet(config);
    throw new CliError(
      `The supervisor ended at once (exit code ${child.exitCode}):\n${lastLines(config, "supervisor")}`,
    );
  }
  child.unref();
  await printWelcome(config, styleFor(process.stdout));
}

function notRunningYet(config: Config): CliError {
  return new CliError(`Not every part answers after ${startMilliseconds / 1000} s; MiniRun goes on trying.`, {
    remedy: `See ./minirun status and the logs in ${logFolder(config)}.`,
  });
}

function lastLines(config: Config, name: string): string {
  const text = readFileSync(join(logFolder(config), `${name}.log`), "utf8");
  return text.trimEnd().split("\n").slice(-10).join("\n");
}

async function printWelcome(config: Config, style: Style): Promise<void> {
  const address = addressOf(config);
  console.log(`${style.bold(`MiniRun ${version}`)} runs at ${style.cyan(address)}`);
  if (config.noAuth) console.log(style.yellow(noAuthWarning));
  else console.log(`Sign in with this link, once: ${style.cyan(await makeSignInLink(config, address))}`);
  const fault = await databaseFault(config);
  if (fault) {
    console.log(style.yellow(`The database is away: ${fault}.`));
    console.log(
      style.yellow("MiniRun goes on with its files (degraded), tries again by itself, and tells the database then."),
    );
  }
  for (const { message, remedy } of Object.values(readClientSecrets(config).faults)) {
    console.log(style.yellow(`${message} MiniRun goes on without this way to sign in. ${remedy}`));
  }
  const { certificate, key, port } = config.tls;
  if (existsSync(certificate) && existsSync(key)) {
    console.log(`HTTPS is on port ${port}; browsers are sent there.`);
  } else if (!isLoopback(config.host)) {
    console.log(
      style.yellow(
        `It listens on ${config.host} by plain HTTP: whoever can read that network's traffic can take over this machine. Give it a certificate (docs/network.md), or keep to 127.0.0.1 and an SSH tunnel.`,
      ),
    );
  }
}

const noAuthWarning =
  "NO SIGN-IN (--no-auth): every user of this machine, and every program that one of them runs, is root here. Anything but a machine of your own should run without it.";
/** Why the database does not answer; null when it does. */
async function databaseFault(config: Config): Promise<string | null> {
  if (config.databaseUrl) return tryDatabase(config.databaseUrl);
  const part = runningSupervisor(config)?.parts.database;
  if (!part || part.state === "running") return null;
  return `${part.reason ?? "it starts"} (log: ${logFolder(config)}/database.log)`;
}

function sayThatItRuns(config: Config, state: SupervisorState, detach: boolean): void {
  const healthy = Object.values(state.parts).every((part) => part.state === "running");
  console.log(`MiniRun ${state.version} runs already at ${state.url} (pid ${state.pid}); see ./minirun status.`);
  if (state.url !== addressOf(config))
    console.log("To move it to another address: ./minirun down, then up; containers go on.");
  process.exitCode = detach && healthy ? ExitCode.ok : ExitCode.failure;
}
