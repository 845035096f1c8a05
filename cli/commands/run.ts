import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { Container, UserNamespace } from "../../lib/contract/container.ts";
import { addDetachKeys } from "../attach-options.ts";
import { addContainerOptions, type ContainerOptions, defined, settingsOf, usernsOption } from "../container-options.ts";
import { withAttachedExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { jsonOption, quietOption } from "../options.ts";
import { printJson } from "../output.ts";
import { type AttachOptions, isProblem, startAttached } from "../run-attached.ts";
import { type Target, targetOf } from "../target.ts";

interface RunOptions extends ContainerOptions {
  name?: string;
  interactive?: boolean;
  tty?: boolean;
  detach?: boolean;
  rm?: boolean;
  userns?: UserNamespace;
  detachKeys: number[];
  quiet?: boolean;
  json?: boolean;
}

export function registerRun(program: Command): void {
  const command = program
    .command("run")
    .summary("create a container, start it and attach to it")
    .description(
      "Creates a container from an image, starts it and shows its output until it ends, as docker run does; -i passes this terminal's input on, -t gives it a terminal, -d leaves it in the background and prints its name. Options come before the image; what follows it is the command. Ends with the container's exit code.",
    )
    .passThroughOptions()
    .argument(
      "[image]",
      "'host', made from this machine's programs, or a path that root's configuration allows",
      "host",
    )
    .argument("[command...]", "program and arguments; a login shell when left out")
    .option("-d, --detach", "start it in the background and print its name")
    .option("-i, --interactive", "pass standard input on")
    .option("-t, --tty", "give it a terminal")
    .option("--rm", "delete it once it has ended")
    .option("--name <name>", "its name, made up when left out");
  addContainerOptions(command)
    .addOption(usernsOption())
    .option("--read-only", "the root filesystem can't be written to");
  addDetachKeys(command)
    .addOption(quietOption())
    .addOption(jsonOption())
    .action(async (image: string, words: string[], options: RunOptions, command: Command) => {
      const target = targetOf(command);
      process.exitCode = await withAttachedExitCode(() => run(target, image, words, options));
    });
  addExamples(
    command,
    "./minirun run -it --rm host bash",
    "./minirun run --rm host sh -c 'echo hi; exit 0'",
    "./minirun run -d --name web2 -m 64m --cpus 0.5 --restart on-failure:3 host sleep 300",
    "echo data | ./minirun run -i --rm -e LC_ALL=C -w /tmp host wc -c",
  );
}

async function run(target: Target, image: string, words: string[], options: RunOptions): Promise<number> {
  const { client } = target;
  const detached = options.detach === true;
  const command = words[0] === "--" ? words.slice(1) : words;
  const body = defined({
    ...settingsOf(options),
    name: options.name,
    image,
    command: command.length > 0 ? command : undefined,
    tty: options.tty === true,
    userNamespace: options.userns,
    autoRemove: options.rm,
  });
  const container = await client.call("createContainer", { body, idempotencyKey: randomUUID() });
  if (detached) return startDetached(target, container, options);
  const { interactive: input = false, detachKeys } = options;
  const { id } = container;
  if (options.rm) return runAndRemove(target, id, { input, detachKeys });
  return (await startAttached(target, id, { input, detachKeys })).code;
}

/**
 * The worker removes the container whatever becomes of this side; done here its name is free when this side ends.
 * Where nobody reads its output any more it is ended: what `yes | head` means.
 */
async function runAndRemove(target: Target, id: string, options: AttachOptions): Promise<number> {
  const { client } = target;
  const params = { name: id };
  const onReaderLeft = async () => {
    await client.call("stopContainer", { params, body: { timeoutSeconds: 2 }, idempotencyKey: randomUUID() });
  };
  let hasEnded = false;
  try {
    const attached = await startAttached(target, id, { ...options, onReaderLeft });
    hasEnded = attached.hasEnded;
    return attached.code;
  } finally {
    // Its shim tells of the end before it is written down.
    if (hasEnded) await unlessGone(client.call("waitContainer", { params, query: { timeoutSeconds: 5 } }));
    await unlessGone(client.call("deleteContainer", { params, idempotencyKey: randomUUID() }));
  }
}

/** A container that is gone is what was wanted; one that goes on (detached from, for instance) deletes itself then. */
async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isProblem(error, "container-not-found", "container-running", "container-paused")) throw error;
  }
}

async function startDetached({ client }: Target, { id }: Container, options: RunOptions): Promise<number> {
  const started = await client.call("startContainer", { params: { name: id }, idempotencyKey: randomUUID() });
  if (options.json) printJson(started);
  else if (!options.quiet) console.log(started.name);
  return 0;
}
