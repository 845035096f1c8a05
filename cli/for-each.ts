import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { Container } from "../lib/contract/container.ts";
import { describeError, exitCodeOf, explainUnreachable } from "./errors.ts";
import { jsonOption, quietOption } from "./options.ts";
import { printJson } from "./output.ts";
import { styleFor } from "./style.ts";

export interface ForEachOptions {
  json?: boolean;
  quiet?: boolean;
}

/** How many containers are worked on at the same time. */
const concurrency = 8;

/** Adds what the verbs for many containers have in common. */
export function addForEachOptions(command: Command): Command {
  return command.argument("<name...>", "names or ids").addOption(quietOption()).addOption(jsonOption());
}

/**
 * Does the same to each container named, several at a time, and prints their names in that order. One that fails is
 * reported and keeps nobody from the others; the exit code is then that of the last failure. As JSON: an object for one
 * container, an array for several.
 */
export async function forEachContainer(
  names: readonly string[],
  { json, quiet }: ForEachOptions,
  act: (name: string, idempotencyKey: string) => Promise<Container | undefined>,
): Promise<void> {
  const done: (Container | { name: string; deleted: true })[] = [];
  const started: Promise<Container | undefined>[] = [];
  for (const [at, name] of names.entries()) {
    for (const ahead of names.slice(started.length, at + concurrency)) {
      const promise = act(ahead, randomUUID());
      // It is awaited below, in its turn.
      promise.catch(() => {});
      started.push(promise);
    }
    try {
      const container = await started[at];
      done.push(container ?? { name, deleted: true });
      if (!json && !quiet) console.log(name);
    } catch (caught) {
      const error = explainUnreachable(caught);
      console.error(describeError(error, styleFor(process.stderr)));
      process.exitCode = exitCodeOf(error);
    }
  }
  if (json && done.length > 0) printJson(names.length === 1 ? done[0] : done);
}
