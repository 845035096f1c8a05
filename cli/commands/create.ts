import { randomUUID } from "node:crypto";
import { type Command, Option } from "commander";
import type { UserNamespace } from "../../lib/contract/container.ts";
import { addContainerOptions, type ContainerOptions, defined, settingsOf, usernsOption } from "../container-options.ts";
import { addExamples } from "../examples.ts";
import { jsonOption, readNumber } from "../options.ts";
import { printJson } from "../output.ts";
import { targetOf } from "../target.ts";

interface CreateOptions extends ContainerOptions {
  name?: string;
  image?: string;
  pids?: number;
  userns?: UserNamespace;
  rm?: boolean;
  tty: boolean;
  json?: boolean;
}

export function registerCreate(program: Command): void {
  const command = program
    .command("create")
    .summary("create a container")
    .description(
      "Creates a container and prints its name; start runs it. The name comes first, and the command after --, so that its options are its own; without a command it is a login shell. With --name, what comes first is the image, as in docker create.",
    )
    .argument("[name]", "its name, made up when left out: lower-case letters, digits, '_', '.', '-'")
    .argument("[command...]", "program and arguments")
    .option("--name <name>", "its name; the first word is then the image")
    .option("--image <image>", "'host', or a path that root's configuration allows ('host' when left out)");
  addContainerOptions(command)
    .addOption(new Option("--pids <number>").argParser(readNumber).hideHelp())
    .addOption(usernsOption())
    .option("--read-only", "the root filesystem can't be written to")
    .option("--rm", "delete it by itself once it has ended")
    .option("--tty", "give the program a terminal (it gets one anyway)")
    .option("--no-tty", "give the program pipes instead of a terminal")
    .addOption(jsonOption())
    .action(async (_name: string | undefined, _words: string[], options: CreateOptions, command: Command) => {
      const { client } = targetOf(command);
      const { name, image, words } = readWords(command, options);
      const body = defined({
        ...settingsOf({ ...options, ...defined({ pidsLimit: options.pidsLimit ?? options.pids }) }),
        name,
        image,
        command: words.length > 0 ? words : undefined,
        tty: options.tty ?? true,
        userNamespace: options.userns,
        autoRemove: options.rm,
      });
      const container = await client.call("createContainer", { body, idempotencyKey: randomUUID() });
      if (options.json) printJson(container);
      else console.log(container.name);
    });
  addExamples(
    command,
    "./minirun create hello -- bash -c 'echo hi'",
    "./minirun create small --memory 64m --cpus 0.5 --pids-limit 64",
    "./minirun create env-job --no-tty --env STAGE=test --workdir /tmp -- /bin/sh -c 'env; pwd'",
    "./minirun create plain --userns host -- id -u",
    "./minirun create --name docker-like --label stage=test host sleep 60",
  );
}

/** Name, image and command: words behind -- are the command, whatever stood before. */
function readWords(command: Command, { name, image }: CreateOptions) {
  const { first, rest } = splitWords(command);
  if (name === undefined) return { name: first, image, words: rest };
  if (image === undefined) return { name, image: first, words: rest };
  return { name, image, words: first === undefined ? rest : [first, ...rest] };
}

function splitWords(command: Command): { first: string | undefined; rest: string[] } {
  const typed = command.parent?.args ?? [];
  const dashes = typed.indexOf("--");
  const behind = dashes < 0 ? 0 : typed.length - dashes - 1;
  if (dashes >= 0 && behind === command.args.length) return { first: undefined, rest: command.args };
  const [first, ...rest] = command.args;
  return { first, rest };
}
