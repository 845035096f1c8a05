import type { Command } from "commander";
import { formatCommand } from "../../lib/contract/command.ts";
import type { Container } from "../../lib/contract/container.ts";
import { ProblemError } from "../../lib/contract/problem.ts";
import { describeState } from "../describe-state.ts";
import { describeError } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { formatBytes } from "../format.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { type Style, styleFor } from "../style.ts";
import { targetOf } from "../target.ts";
import { harmless } from "../text.ts";

export function registerInspect(program: Command): void {
  const command = program
    .command("inspect")
    .summary("show everything about containers")
    .description("Shows everything about containers. As JSON: an object for one container, an array for several.")
    .argument("<name...>", "names or ids")
    .addOption(jsonOption())
    .action(async (names: string[], options: { json?: boolean }, command: Command) => {
      const { client } = targetOf(command);
      const containers: Container[] = [];
      for (const name of names) containers.push(await client.call("getContainer", { params: { name } }));
      if (options.json) printJson(containers.length === 1 ? containers[0] : containers);
      else console.log(containers.map((container) => describe(container, styleFor(process.stdout))).join("\n\n"));
    });
  addExamples(command, "./minirun inspect web", "./minirun inspect --json web job");
}

function describe(container: Container, style: Style): string {
  const facts = [...identityOf(container, style), ...settingsOf(container), ...historyOf(container)];
  const width = Math.max(...facts.map(([label]) => label.length));
  const lines = facts.map(([label, value]) => `${style.dim(label.padEnd(width))}  ${value}`);
  if (container.problem) lines.push(describeError(new ProblemError(container.problem), style));
  return lines.join("\n");
}

type Fact = [label: string, value: string];

function identityOf(container: Container, style: Style): Fact[] {
  return [
    ["name", style.bold(container.name)],
    ["id", container.id],
    ["state", describeState(container, style)],
    ["node", harmless(container.node)],
    ["pid on the host", String(container.pid ?? "-")],
  ];
}

function settingsOf(container: Container): Fact[] {
  const { limits, restart, restartCount, nextStartAt } = container;
  const next = nextStartAt ? `; starts again at ${nextStartAt}` : "";
  return [
    ["command", harmless(formatCommand(container.command))],
    ["image", harmless(container.image)],
    ["root filesystem", container.readOnly ? "read-only" : "writable"],
    ["terminal", container.tty ? "yes" : "no, pipes"],
    ["network", container.network],
    ["user namespace", describeIds(container)],
    ["host name", harmless(container.hostname)],
    ["user", harmless(container.user)],
    ["working directory", harmless(container.workingDir)],
    ["environment", pairs(container.env)],
    ["labels", pairs(container.labels)],
    ["binds", container.binds.map((bind) => harmless(bindText(bind))).join(" ") || "-"],
    ["limits", `memory ${formatBytes(limits.memoryBytes)}, ${limits.cpus} CPUs, ${limits.pids} processes`],
    ["restart", `${restart}${restartCount > 0 ? `, ${restartCount} times so far` : ""}${next}`],
    ["when it has ended", container.autoRemove ? "it is deleted" : "it stays"],
  ];
}

/** Who its users are on the host. */
function describeIds({ idRange }: Container): string {
  if (!idRange) return "the host's: its root is the host's root";
  return `its own: ids 0 to ${idRange.size - 1} are ${idRange.start} to ${idRange.start + idRange.size - 1} on the host`;
}

function historyOf(container: Container): Fact[] {
  return [
    ["created", container.createdAt],
    ["started", container.startedAt ?? "-"],
    ["finished", container.finishedAt ?? "-"],
    ["generation", String(container.generation)],
    ["revision", String(container.revision)],
    ...container.missing.map(({ feature, reason }): Fact => ["missing", harmless(`${feature}: ${reason}`)]),
  ];
}

function pairs(record: Record<string, string>): string {
  const words = Object.entries(record).map(([name, value]) => `${name}=${value}`);
  return words.length > 0 ? harmless(formatCommand(words)) : "-";
}

const bindText = ({ source, target, readOnly }: Container["binds"][number]) =>
  `${source}:${target}${readOnly ? ":ro" : ""}`;
