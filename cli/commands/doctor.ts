import { execFile } from "node:child_process";
import { join } from "node:path";
import type { Command } from "commander";
import type { Health } from "../../lib/contract/health.ts";
import { HostReport, isWhole, missingFindings } from "../../lib/contract/host.ts";
import { describeContainer, describeMissing, describeThere } from "../describe-findings.ts";
import { CliError, ExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { programRoot } from "../installation.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { isProblem } from "../run-attached.ts";
import { type Style, styleFor } from "../style.ts";
import { targetOf } from "../target.ts";
import { harmless } from "../text.ts";

interface DoctorOptions {
  all?: boolean;
  json?: boolean;
}

/** Who has looked: the worker that runs, or this command, with the rights that it has. */
type Looker = "worker" | "command";

export function registerDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .summary("try what containers need of this host")
    .description(
      "Tries every kernel feature, library and program that containers need: whether it is there, how that was found out, what is lost without it and how to get it. Asks the running MiniRun, or looks by itself where none runs. Of a container: its command and shared libraries, the controllers for its limits, its binds, its ids. Exit code 1 when something needed is missing.",
    )
    .argument("[container]", "name or id of one container, to look at what that one needs")
    .option("-a, --all", "show what is there, too")
    .addOption(jsonOption())
    .action(async (name: string | undefined, options: DoctorOptions, command: Command) => {
      if (name !== undefined) return examineContainer(name, options, command);
      const { report, looker } = await examine(command);
      const style = styleFor(process.stdout);
      if (options.json) printJson(report);
      else console.log(describe(report, looker, { all: options.all === true, style }));
      if (looker === "worker" && !options.json) console.log(describeTls(await askTls(command), style));
      process.exitCode = isWhole(report) ? ExitCode.ok : ExitCode.failure;
    });
  addExamples(
    command,
    "./minirun doctor",
    "./minirun doctor --all",
    "./minirun doctor --json",
    "./minirun doctor web",
    "./minirun doctor --json web",
  );
}

async function examineContainer(name: string, { all, json }: DoctorOptions, command: Command): Promise<void> {
  const report = await targetOf(command).client.call("checkContainer", { params: { name } });
  if (json) printJson(report);
  else console.log(describeContainer(report, { all: all === true, style: styleFor(process.stdout) }));
  process.exitCode = isWhole(report) ? ExitCode.ok : ExitCode.failure;
}

/** One that was named by address is asked alone: this machine tells nothing of another. */
async function examine(command: Command): Promise<{ report: HostReport; looker: Looker }> {
  const isNamed = command.optsWithGlobals<{ url?: string }>().url !== undefined || Boolean(process.env.MINIRUN_URL);
  try {
    return { report: await targetOf(command).client.call("getHost"), looker: "worker" };
  } catch (error) {
    if (isNamed || !isAway(error)) throw error;
    return { report: await examineHere(), looker: "command" };
  }
}

/** Nothing runs, or who asks may not ask it. */
function isAway(error: unknown): boolean {
  if (error instanceof CliError) return true;
  return (error instanceof Error && error.name === "UnreachableError") || isProblem(error, "worker-unavailable");
}

function examineHere(): Promise<HostReport> {
  const runtime = join(programRoot, "native/build/Release/minirun-oci");
  return new Promise((resolve, reject) => {
    execFile(runtime, ["doctor"], { timeout: 10_000 }, (error, stdout) => {
      try {
        resolve(HostReport.parse(JSON.parse(stdout)));
      } catch {
        const why = error?.message ?? "what it says can't be read";
        reject(new CliError(`${runtime} can't be run: ${why}`, { remedy: "Build it: npm run build:native" }));
      }
    });
  });
}

function describe(report: HostReport, looker: Looker, { all, style }: { all: boolean; style: Style }): string {
  const missing = missingFindings(report);
  const lines = [`Linux ${report.kernel}, ${report.architecture}`, ""];
  for (const finding of missing) lines.push(...describeMissing(finding, style), "");
  if (all) lines.push(...describeThere(report, style));
  const needed = missing.filter((finding) => finding.needed).length;
  const there = report.findings.length - missing.length;
  const verdict =
    needed > 0
      ? style.red(
          `Containers can't run: ${needed} of the features that they need ${needed === 1 ? "is" : "are"} missing.`,
        )
      : style.green("Containers can run.");
  const counts =
    missing.length === 0
      ? `All ${there} features are there.`
      : `${there} features are there, ${missing.length - needed} that are good to have are not.`;
  lines.push(`${verdict} ${counts}`, style.dim(lookerText[looker]));
  return lines.join("\n");
}

async function askTls(command: Command): Promise<Health["tls"]> {
  return (await targetOf(command).client.call("health")).tls;
}

const dayMs = 24 * 60 * 60 * 1000;
/** From here on the end of a certificate is a warning. */
const soonDays = 21;

function describeTls({ status, port, names, expiresAt, refusal }: Health["tls"], style: Style): string {
  const lines = refusal ? [style.red(`The certificate is refused: ${harmless(refusal.reason)}.`)] : [];
  if (status === "off" || !expiresAt) {
    return [
      ...lines,
      style.dim("HTTPS is off: there is no certificate. scripts/generate-certificates.sh makes one."),
    ].join("\n");
  }
  const days = Math.floor((Date.parse(expiresAt) - Date.now()) / dayMs);
  const end =
    days < 0 ? `has ended on ${expiresAt.slice(0, 10)}` : `ends on ${expiresAt.slice(0, 10)}, in ${days} days`;
  const line = `HTTPS on port ${port}: the certificate for ${harmless(names.join(", "))} ${end}.`;
  return [...lines, days < soonDays ? style.yellow(line) : line].join("\n");
}

const lookerText: Record<Looker, string> = {
  worker: "Found out by the running MiniRun.",
  command: "Found out by this command, with the rights that it has: no MiniRun answered.",
};
