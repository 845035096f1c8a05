import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { Container, CreateContainerInput, UserNamespace } from "../../lib/contract/container.ts";
import { addContainerOptions, type ContainerOptions, defined, settingsOf, usernsOption } from "../container-options.ts";
import { addExamples } from "../examples.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { targetOf } from "../target.ts";

interface CloneOptions extends ContainerOptions {
  files: boolean;
  userns?: UserNamespace;
  json?: boolean;
}

export function registerClone(program: Command): void {
  const command = program
    .command("clone")
    .summary("make a container like another")
    .description(
      "Creates a container with another's settings and a copy of the files that it has written. The other one must not run, or be paused, for its files to be copied. Options and a command after -- replace what the other one has.",
    )
    .argument("<name>", "name or id of the one that there is")
    .argument("[new-name]", "made up when left out")
    .argument("[command...]", "program and arguments");
  addContainerOptions(command)
    .addOption(usernsOption("the other one's"))
    .option("--read-only", "the root filesystem can't be written to")
    .option("--no-files", "leave out the files that it has written")
    .addOption(jsonOption())
    .action(
      async (name: string, newName: string | undefined, words: string[], options: CloneOptions, command: Command) => {
        const { client } = targetOf(command);
        const source = await client.call("getContainer", { params: { name } });
        const body = cloneOf(source, newName, words, options);
        const container = await client.call("createContainer", { body, idempotencyKey: randomUUID() });
        if (options.json) printJson(container);
        else console.log(container.name);
      },
    );
  addExamples(command, "./minirun clone job job-2", "./minirun clone --no-files --memory 256m web web-2");
}

function cloneOf(
  source: Container,
  name: string | undefined,
  words: string[],
  options: CloneOptions,
): CreateContainerInput {
  const { image, env, workingDir, user, tty, network, readOnly, binds, restart, autoRemove } = source;
  const { env: added, labels, limits, ...settings } = settingsOf(options);
  return defined({
    image,
    workingDir,
    user,
    tty,
    network,
    userNamespace: options.userns ?? source.userNamespace,
    readOnly,
    binds,
    restart,
    autoRemove,
    // A host name that was made from its name is not carried on.
    hostname: source.hostname === source.name ? undefined : source.hostname,
    ...settings,
    name,
    command: words.length > 0 ? words : source.command,
    env: { ...env, ...added },
    labels: { ...source.labels, ...labels },
    limits: { ...source.limits, ...limits },
    filesFrom: options.files ? source.id : undefined,
  });
}
