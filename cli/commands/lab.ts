import type { Command } from "commander";
import type { Client } from "../../lib/client/api.ts";
import type { LabInfo, LabRun, LabSummary } from "../../lib/contract/lab.ts";
import { addDetachKeys } from "../attach-options.ts";
import { withAttachedExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { type Column, printRows } from "../print-table.ts";
import { exitCodeOfEnding, isProblem } from "../run-attached.ts";
import { type Style, styleFor } from "../style.ts";
import { type Target, targetOf } from "../target.ts";
import { connect } from "../terminal/connect.ts";
import { terminalSize } from "../terminal/terminal-size.ts";

const lookMs = 1000;

interface LabOptions {
  source?: boolean;
  json?: boolean;
  detachKeys: number[];
}

export function registerLab(program: Command): void {
  const command = program
    .command("lab")
    .summary("learn how containers are made, from small programs that run")
    .description(
      "Lists the labs, or runs one in this terminal: its program first, then a shell with the program in it and some tasks. Each task checks itself from the kernel's state, and says on this terminal when it is done. exit ends the lab; nothing of it is left.",
    )
    .argument("[name]", "a lab; without one they are listed")
    .option("--source", "print the lab's program, with its notes, instead of running it");
  addDetachKeys(command)
    .addOption(jsonOption())
    .action(async (name: string | undefined, options: LabOptions, command: Command) => {
      const target = targetOf(command);
      if (name === undefined) return list(target.client, options);
      const lab = await target.client.call("getLab", { params: { lab: name } });
      if (options.json) return printJson(lab);
      if (options.source) return console.log(describeSource(lab, styleFor(process.stdout)));
      process.exitCode = await withAttachedExitCode(() => run(target, lab, options.detachKeys));
    });
  addExamples(command, "./minirun lab", "./minirun lab fork", "./minirun lab --source chroot");
}

async function list(client: Client, { json }: LabOptions): Promise<void> {
  const { items } = await client.call("listLabs");
  printRows(items, columns, { json, empty: "No labs." });
}

const columns: Column<LabSummary>[] = [
  { heading: "LAB", cell: ({ name }, style) => style.bold(name) },
  { heading: "TASKS", right: true, cell: ({ tasks }) => String(tasks) },
  { heading: "ABOUT", cell: ({ summary }) => summary },
];

/** Runs a lab until its shell ends; the detach keys leave it, and then end it, too. */
async function run(target: Target, lab: LabInfo, detachKeys: readonly number[]): Promise<number> {
  const { client } = target;
  const params = { lab: lab.name };
  const style = styleFor(process.stderr);
  console.error(introduce(lab, style));
  let known = await client.call("startLab", { params });
  const timer = setInterval(async () => {
    const next = await client.call("getLabRun", { params }).catch(() => known);
    for (const title of newlyDone(lab, known, next)) tell(style.green(`✓ ${title}: done`));
    known = next;
  }, lookMs);
  try {
    const session = await client.call("openLabSession", { params, body: terminalSize() });
    const ending = await connect(target, session, { input: true, detachKeys, onSignal: async () => {} });
    clearInterval(timer);
    console.error(summarize(lab, known, style));
    return "exit" in ending ? 0 : exitCodeOfEnding(ending, "command");
  } finally {
    clearInterval(timer);
    await client.call("endLab", { params }).catch((error) => {
      if (!isProblem(error, "not-found")) throw error;
    });
  }
}

/** The terminal may be in raw mode, where a line's end alone does not go back to its start. */
function tell(text: string): void {
  process.stderr.write(`\r\n${text}\r\n`);
}

function newlyDone({ tasks }: LabInfo, before: LabRun, after: LabRun): string[] {
  const isDone = (run: LabRun, id: string) => run.tasks.some((task) => task.id === id && task.done);
  return tasks.filter(({ id }) => isDone(after, id) && !isDone(before, id)).map(({ title }) => title);
}

function introduce({ title, text, tasks }: LabInfo, style: Style): string {
  const lines = tasks.flatMap((task, at) => [
    `  ${at + 1}. ${style.bold(task.title)}  ${style.cyan(task.command)}`,
    `     ${style.dim(task.detail)}`,
  ]);
  const paragraphs = text.map((paragraph) => `${wrap(paragraph)}\n`);
  return [style.bold(title), "", ...paragraphs, "To do, in the lab's shell:", ...lines, ""].join("\n");
}

function summarize({ tasks }: LabInfo, run: LabRun, style: Style): string {
  const done = run.tasks.filter((task) => task.done).length;
  const words = `${done} of ${tasks.length} tasks done. The lab is ended, and nothing of it is left.`;
  return done === tasks.length ? style.green(words) : words;
}

/** The program with each note below the line that it is about. */
function describeSource({ file, source, notes }: LabInfo, style: Style): string {
  const lines = source.trimEnd().split("\n");
  const shown = lines.flatMap((line, index) => {
    const note = notes.find((one) => one.line === index + 1);
    const number = style.dim(String(index + 1).padStart(4));
    return [`${number}  ${line}`, ...(note ? [style.cyan(indent(wrap(note.text, 92)))] : [])];
  });
  return [style.bold(file), "", ...shown].join("\n");
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `      │ ${line}`)
    .join("\n");
}

/** Breaks a text into lines; what backquotes mark stays as it is. */
function wrap(text: string, width = 100): string {
  const lines: string[] = [""];
  for (const word of text.replaceAll("`", "").split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.join("\n");
}
