import { randomUUID } from "node:crypto";
import { type Command, InvalidArgumentError } from "commander";
import type { CreateContainerInput } from "../../lib/contract/container.ts";
import { parseBytes } from "../format.ts";
import { printJson } from "../output.ts";
import { targetOf } from "../target.ts";

interface CreateOptions {
  image?: string;
  memory?: number;
  cpus?: number;
  pids?: number;
  env: Record<string, string>;
  workdir?: string;
  hostname?: string;
  network?: "loopback" | "host";
  tty: boolean;
  json?: boolean;
}

export function registerCreate(program: Command): void {
  program
    .command("create")
    .summary("create a container")
    .description(
      "Creates a container and prints its name; start runs it. The command follows --, so that its options are its own; without one it is a login shell.",
    )
    .argument("[name]", "its name, made up when left out: lower-case letters, digits, '_', '.', '-'")
    .argument("[command...]", "program and arguments")
    .option(
      "--image <image>",
      "'host', or the absolute path of a directory or tar archive that root's configuration allows",
    )
    .option("-m, --memory <size>", "memory limit, swap included: 64m, 1.5g (512m when left out)", readSize)
    .option("--cpus <cores>", "CPU limit in cores: 0.5, 2 (0.5 when left out)", readNumber)
    .option("--pids <number>", "limit of processes and threads (512 when left out)", readNumber)
    .option("-e, --env <name=value>", "environment variable; NAME alone passes this shell's on", readVariable, {})
    .option("-w, --workdir <path>", "working directory")
    .option("--hostname <name>", "host name (the container's name when left out)")
    .option("--network <kind>", "'loopback', a network of its own with lo alone, or 'host'")
    .option("--no-tty", "give the program pipes instead of a terminal")
    .option("--json", "print the container as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  ./minirun create web -- bash -c 'echo hi'\n  ./minirun create small --memory 64m --cpus 0.5 --pids 64\n  ./minirun create job --no-tty --env STAGE=test --workdir /tmp -- /bin/sh -c 'env; pwd'",
    )
    .action(async (name: string | undefined, words: string[], options: CreateOptions, command: Command) => {
      const { client } = targetOf(command);
      const body = bodyOf(name, words, options);
      const container = await client.call("createContainer", { body, idempotencyKey: randomUUID() });
      if (options.json) printJson(container);
      else console.log(container.name);
    });
}

function bodyOf(name: string | undefined, words: string[], options: CreateOptions): CreateContainerInput {
  const { image, memory, cpus, pids, env, workdir, hostname, network, tty } = options;
  return {
    ...(name !== undefined && { name }),
    ...(words.length > 0 && { command: words }),
    ...(image !== undefined && { image }),
    ...(workdir !== undefined && { workingDir: workdir }),
    ...(hostname !== undefined && { hostname }),
    ...(network !== undefined && { network }),
    limits: {
      ...(memory !== undefined && { memoryBytes: memory }),
      ...(cpus !== undefined && { cpus }),
      ...(pids !== undefined && { pids }),
    },
    env,
    tty,
  };
}

function readSize(text: string): number {
  const bytes = parseBytes(text);
  if (bytes === null) throw new InvalidArgumentError("It must be a size such as 64m, 1.5g or 4096.");
  return bytes;
}

function readNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number.");
  return value;
}

function readVariable(text: string, before: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([^=]+)(?:=([\s\S]*))?$/.exec(text) ?? [];
  if (!name) throw new InvalidArgumentError("It must be NAME=VALUE, or NAME.");
  const passed = value ?? process.env[name];
  return passed === undefined ? before : { ...before, [name]: passed };
}
