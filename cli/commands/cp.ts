import { stat } from "node:fs/promises";
import type { Command } from "commander";
import type { Client } from "../../lib/client/api.ts";
import { type Location, parseLocation } from "../copy/location.ts";
import { packLocal } from "../copy/pack-local.ts";
import { type CopyTarget, planCopy, readSource } from "../copy/plan-copy.ts";
import { unpackLocal } from "../copy/unpack-local.ts";
import { CliError, ExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { formatBytes } from "../format.ts";
import { jsonOption, quietOption } from "../options.ts";
import { printJson, write } from "../output.ts";
import { isProblem } from "../run-attached.ts";
import { targetOf } from "../target.ts";
import { harmless } from "../text.ts";
import { toWeb } from "../web-streams.ts";

interface CpOptions {
  archive?: boolean;
  followLink?: boolean;
  quiet?: boolean;
  json?: boolean;
}

interface Copied {
  entries: number;
  bytes: number;
}

export function registerCp(program: Command): void {
  const command = program
    .command("cp")
    .summary("copy files into and out of containers")
    .description(
      "Copies a file or a directory between this machine and a container, running or not, by the rules of docker cp: into a directory that is there, else to that name; SOURCE/. means what is in a directory. '-' is a tar archive on standard input or output.",
    )
    .argument("<source>", "NAME:PATH, a path of this machine, or '-'")
    .argument("<target>", "the same; one of the two is in a container")
    .option("-a, --archive", "keep owner and group")
    .option("-L, --follow-link", "take what a symbolic link of this machine leads to instead of the link")
    .addOption(quietOption())
    .addOption(jsonOption())
    .action(async (source: string, target: string, options: CpOptions, command: Command) => {
      const { client } = targetOf(command);
      const copied = await copy(client, parseLocation(source), parseLocation(target), options);
      if (!copied || options.quiet) return;
      if (options.json) printJson(copied);
      else
        console.error(`${copied.entries} ${copied.entries === 1 ? "entry" : "entries"}, ${formatBytes(copied.bytes)}`);
    });
  addExamples(
    command,
    "./minirun cp web:/etc/passwd .",
    "./minirun cp web:/etc/. ./etc-of-web",
    "echo hi > note.txt && ./minirun cp note.txt web:/tmp/",
    "./minirun cp web:/etc/passwd - | tar -tv",
    "tar -c note.txt | ./minirun cp - web:/tmp",
  );
}

function copy(client: Client, source: Location, target: Location, options: CpOptions): Promise<Copied | null> {
  if (source.kind === "container" && target.kind === "container") {
    throw new CliError("One side of a copy is on this machine.", {
      remedy: `./minirun cp ${source.name}:${source.path} - | ./minirun cp - ${target.name}:${target.path}`,
      exitCode: ExitCode.usage,
    });
  }
  if (source.kind === "container" && target.kind !== "container") return copyOut(client, source, target, options);
  if (target.kind === "container" && source.kind !== "container") return copyIn(client, source, target, options);
  throw new CliError("Neither side of the copy is in a container.", {
    remedy: "Write a container's path as NAME:PATH.",
    exitCode: ExitCode.usage,
  });
}

type InContainer = Extract<Location, { kind: "container" }>;
type Outside = Exclude<Location, { kind: "container" }>;

async function copyOut(
  client: Client,
  { name, path: text }: InContainer,
  target: Outside,
  { archive = false }: CpOptions,
): Promise<Copied | null> {
  const source = readSource(text);
  const { body } = await client.open("readArchive", { params: { name }, query: { path: source.path } });
  if (!body) return null;
  if (target.kind === "stream") {
    for await (const chunk of body) await write(process.stdout, chunk);
    return null;
  }
  const type = await typeOfLocal(target.path);
  return unpackLocal(body, {
    plan: ({ isDirectory }) => planCopy({ ...source, isDirectory }, { path: target.path, type }),
    // The archive of the root directory has no name in front.
    named: source.path !== "/",
    keepOwners: archive,
    onSkipped,
  });
}

async function copyIn(
  client: Client,
  source: Outside,
  { name, path }: InContainer,
  { archive = false, followLink = false }: CpOptions,
): Promise<Copied> {
  const params = { name };
  if (source.kind === "stream") {
    return client.call("writeArchive", { params, query: { path }, upload: toWeb(process.stdin) });
  }
  const local = readSource(source.path);
  const sourceType = await typeOfLocal(source.path);
  if (!sourceType) throw new CliError(`There is no ${source.path} on this machine.`);
  const isDirectory = sourceType === "directory";
  const plan = planCopy({ ...local, isDirectory }, { path, type: await typeInContainer(client, name, path) });
  const content = packLocal(local.path, plan.name, { followLinks: followLink, keepOwners: archive, onSkipped });
  const upload = toWeb(content);
  return client.call("writeArchive", { params, query: { path: plan.directory }, upload });
}

function onSkipped(path: string): void {
  console.error(`left out: ${harmless(path)} is a device, a pipe or a socket`);
}

async function typeOfLocal(path: string): Promise<CopyTarget["type"]> {
  try {
    return (await stat(path)).isDirectory() ? "directory" : "file";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

async function typeInContainer(client: Client, name: string, path: string): Promise<CopyTarget["type"]> {
  try {
    const { entry } = await client.call("listFiles", { params: { name }, query: { path } });
    return entry.type === "directory" ? "directory" : "file";
  } catch (error) {
    if (isProblem(error, "file-not-found")) return null;
    throw error;
  }
}
