import { type Command, InvalidArgumentError } from "commander";
import type { FileEntry } from "../../lib/contract/file.ts";
import { defined } from "../container-options.ts";
import { addExamples } from "../examples.ts";
import { formatAge, formatBytes } from "../format.ts";
import { jsonOption } from "../options.ts";
import { printJson, write } from "../output.ts";
import { type Column, printRows } from "../print-table.ts";
import { targetOf } from "../target.ts";
import { harmless } from "../text.ts";
import { toWeb } from "../web-streams.ts";

/** The verbs for single files; cp copies many. */
export function registerFiles(program: Command): void {
  const files = program
    .command("files")
    .summary("look at a container's files and change them")
    .description(
      "Looks at a container's files and changes them, whether it runs or not. Paths are resolved beneath the container's root, whatever links they lead through.",
    );
  registerLs(files);
  registerCat(files);
  registerPut(files);
  registerMkdir(files);
  registerMv(files);
  registerRm(files);
}

function registerLs(files: Command): void {
  const command = files
    .command("ls")
    .description("Lists a directory, or shows a file.")
    .argument("<name>", "name or id of the container")
    .argument("[path]", "in the container", "/")
    .addOption(jsonOption())
    .action(async (name: string, path: string, options: { json?: boolean }, command: Command) => {
      const listing = await targetOf(command).client.call("listFiles", { params: { name }, query: { path } });
      if (options.json) return printJson(listing);
      const { entry, entries, truncated } = listing;
      printRows(entry.type === "directory" ? entries : [entry], columns, { json: false, empty: "An empty directory." });
      if (truncated) console.log(`… and more than these ${entries.length}`);
    });
  addExamples(command, "./minirun files ls web /etc", "./minirun files ls --json web /etc/passwd");
}

function registerCat(files: Command): void {
  const command = files
    .command("cat")
    .description("Writes a file to standard output.")
    .argument("<name>", "name or id of the container")
    .argument("<path>", "in the container")
    .action(async (name: string, path: string, _options: unknown, command: Command) => {
      const { body } = await targetOf(command).client.open("readFile", { params: { name }, query: { path } });
      if (body) for await (const chunk of body) await write(process.stdout, chunk);
    });
  addExamples(command, "./minirun files cat web /etc/hostname");
}

function registerPut(files: Command): void {
  const command = files
    .command("put")
    .description("Writes standard input to a file, whole: nobody sees half of it. One that exists keeps its mode.")
    .argument("<name>", "name or id of the container")
    .argument("<path>", "in the container")
    .option("--mode <mode>", "of a new file, octal", readMode, "644")
    .option("--new", "only if there is nothing yet")
    .option("--if-match <etag>", "only if it still has this etag (ls --json shows it)")
    .addOption(jsonOption())
    .action(async (name: string, path: string, options: PutOptions, command: Command) => {
      const entry = await targetOf(command).client.call("writeFile", {
        params: { name },
        query: { path, mode: options.mode },
        upload: toWeb(process.stdin),
        ...defined({ ifMatch: options.ifMatch, ifNoneMatch: options.new ? ("*" as const) : undefined }),
      });
      if (options.json) printJson(entry);
    });
  addExamples(
    command,
    "echo hello | ./minirun files put web /tmp/hello",
    "./minirun files put --mode 755 web /tmp/run.sh < run.sh",
  );
}

interface PutOptions {
  mode: string;
  new?: boolean;
  ifMatch?: string;
  json?: boolean;
}

function readMode(text: string): string {
  if (!/^0?[0-7]{3}$/.test(text)) throw new InvalidArgumentError("It must be three octal digits, such as 644.");
  return text;
}

function registerMkdir(files: Command): void {
  const command = files
    .command("mkdir")
    .description("Makes a directory.")
    .argument("<name>", "name or id of the container")
    .argument("<path>", "in the container")
    .addOption(jsonOption())
    .action(async (name: string, path: string, options: { json?: boolean }, command: Command) => {
      const body = { action: "make-directory" as const, path };
      const entry = await targetOf(command).client.call("changeFile", { params: { name }, body });
      if (options.json) printJson(entry);
    });
  addExamples(command, "./minirun files mkdir web /tmp/new");
}

function registerMv(files: Command): void {
  const command = files
    .command("mv")
    .description("Moves or renames a file or a directory.")
    .argument("<name>", "name or id of the container")
    .argument("<path>", "in the container")
    .argument("<to>", "its new path")
    .addOption(jsonOption())
    .action(async (name: string, path: string, to: string, options: { json?: boolean }, command: Command) => {
      const body = { action: "move" as const, path, to };
      const entry = await targetOf(command).client.call("changeFile", { params: { name }, body });
      if (options.json) printJson(entry);
    });
  addExamples(command, "./minirun files mv web /tmp/new /tmp/newer");
}

function registerRm(files: Command): void {
  const command = files
    .command("rm")
    .description("Deletes a file, or a directory that is empty; with -r also one that is not.")
    .argument("<name>", "name or id of the container")
    .argument("<path>", "in the container")
    .option("-r, --recursive", "a directory with all that is in it")
    .action(async (name: string, path: string, options: { recursive?: boolean }, command: Command) => {
      const query = { path, recursive: options.recursive === true };
      await targetOf(command).client.call("deleteFile", { params: { name }, query });
    });
  addExamples(command, "./minirun files rm -r web /tmp/newer");
}

const letters: Record<FileEntry["type"], string> = {
  file: "-",
  directory: "d",
  symlink: "l",
  device: "c",
  fifo: "p",
  socket: "s",
};

const columns: Column<FileEntry>[] = [
  { heading: "MODE", cell: ({ type, mode }) => `${letters[type]} ${mode.toString(8).padStart(4, "0")}` },
  { heading: "OWNER", cell: ({ uid, gid }) => `${uid}:${gid}` },
  { heading: "SIZE", right: true, cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
  { heading: "AGE", right: true, cell: ({ modifiedAt }) => formatAge(modifiedAt) },
  {
    heading: "NAME",
    cell: ({ name, type, target }, style) => {
      const shown = harmless(name);
      if (type === "directory") return style.blue(`${shown}/`);
      return target === null ? shown : `${style.cyan(shown)} -> ${harmless(target)}`;
    },
  },
];
