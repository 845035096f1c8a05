import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { Container, UpdateContainerInput } from "../../lib/contract/container.ts";
import { addContainerOptions, type ContainerOptions, defined, settingsOf } from "../container-options.ts";
import { CliError, ExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { collect, jsonOption, readCount } from "../options.ts";
import { printJson } from "../output.ts";
import { targetOf } from "../target.ts";

interface UpdateOptions extends ContainerOptions {
  tty?: boolean;
  rm?: boolean;
  envRm?: string[];
  labelRm?: string[];
  ifRevision?: number;
  json?: boolean;
}

export function registerUpdate(program: Command): void {
  const command = program
    .command("update")
    .summary("change a container's limits and settings")
    .description(
      "Changes a container. Limits, labels and restart policy take effect at once, everything else needs one that does not run. Variables and labels are added to those that it has; the change is refused when someone else changes the container meanwhile. A command after -- replaces its own.",
    )
    .argument("<name>", "name or id")
    .argument("[command...]", "program and arguments");
  addContainerOptions(command)
    .option("--env-rm <name>", "take an environment variable away", collect)
    .option("--label-rm <name>", "take a label away", collect)
    .option("--read-only", "the root filesystem can't be written to")
    .option("--no-read-only", "the root filesystem can be written to")
    .option("--tty", "give the program a terminal")
    .option("--no-tty", "give the program pipes instead of a terminal")
    .option("--rm", "delete it by itself once it has ended")
    .option("--no-rm", "keep it once it has ended")
    .option("--if-revision <number>", "only if the container has this revision (inspect shows it)", readCount)
    .addOption(jsonOption())
    .action(async (name: string, words: string[], options: UpdateOptions, command: Command) => {
      const { client } = targetOf(command);
      const current = await client.call("getContainer", { params: { name } });
      const body = changeOf(current, words, options);
      if (Object.keys(body).length === 0) {
        throw new CliError("Nothing was named to change.", {
          remedy: "./minirun update --help shows what can be.",
          exitCode: ExitCode.usage,
        });
      }
      const container = await client.call("updateContainer", {
        params: { name: current.id },
        body,
        ifMatch: `"${options.ifRevision ?? current.revision}"`,
        idempotencyKey: randomUUID(),
      });
      if (options.json) printJson(container);
      else console.log(container.name);
    });
  addExamples(
    command,
    "./minirun update --memory 128m --cpus 1 web",
    "./minirun update --label stage=test --restart on-failure:3 web",
    "./minirun update job --env STAGE=test --env-rm DEBUG -- sh -c 'echo $STAGE'",
  );
}

function changeOf(current: Container, words: string[], options: UpdateOptions): UpdateContainerInput {
  const { env, labels, ...settings } = settingsOf(options);
  return defined({
    ...settings,
    command: words.length > 0 ? words : undefined,
    env: env || options.envRm ? without({ ...current.env, ...env }, options.envRm) : undefined,
    labels: labels || options.labelRm ? without({ ...current.labels, ...labels }, options.labelRm) : undefined,
    tty: options.tty,
    autoRemove: options.rm,
  });
}

function without(record: Record<string, string>, names: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
