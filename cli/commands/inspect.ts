import type { Command } from "commander";
import { formatCommand } from "../../lib/contract/command.ts";
import type { Container } from "../../lib/contract/container.ts";
import { ProblemError } from "../../lib/contract/problem.ts";
import { describeState } from "../describe-state.ts";
import { describeError } from "../errors.ts";
import { formatBytes } from "../format.ts";
import { printJson } from "../output.ts";
import { type Style, styleFor } from "../style.ts";
import { targetOf } from "../target.ts";

export function registerInspect(program: Command): void {
  program
    .command("inspect")
    .summary("show everything about containers")
    .argument("<name...>", "names or ids")
    .option("--json", "print JSON: an object for one container, an array for several")
    .addHelpText("after", "\nExamples:\n  ./minirun inspect web\n  ./minirun inspect --json web")
    .action(async (names: string[], options: { json?: boolean }, command: Command) => {
      const { client } = targetOf(command);
      const containers: Container[] = [];
      for (const name of names) containers.push(await client.call("getContainer", { params: { name } }));
      if (options.json) printJson(containers.length === 1 ? containers[0] : containers);
      else console.log(containers.map((container) => describe(container, styleFor(process.stdout))).join("\n\n"));
    });
}

function describe(container: Container, style: Style): string {
  const { limits } = container;
  const facts: [string, string][] = [
    ["name", style.bold(container.name)],
    ["id", container.id],
    ["state", describeState(container, style)],
    ["command", formatCommand(container.command)],
    ["image", container.image],
    ["node", container.node],
    ["pid on the host", container.pid === null ? "-" : String(container.pid)],
    ["terminal", container.tty ? "yes" : "no, pipes"],
    ["network", container.network],
    ["host name", container.hostname],
    ["working directory", container.workingDir],
    [
      "environment",
      Object.entries(container.env)
        .map(([name, value]) => `${name}=${value}`)
        .join(" ") || "-",
    ],
    ["limits", `memory ${formatBytes(limits.memoryBytes)}, ${limits.cpus} CPUs, ${limits.pids} processes`],
    ["created", container.createdAt],
    ["started", container.startedAt ?? "-"],
    ["finished", container.finishedAt ?? "-"],
    ["generation", String(container.generation)],
    ...container.missing.map(({ feature, reason }): [string, string] => ["missing", `${feature}: ${reason}`]),
  ];
  const width = Math.max(...facts.map(([label]) => label.length));
  const lines = facts.map(([label, value]) => `${style.dim(label.padEnd(width))}  ${value}`);
  if (container.problem) lines.push(describeError(new ProblemError(container.problem), style));
  return lines.join("\n");
}
