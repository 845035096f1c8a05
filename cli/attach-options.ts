import { type Command, Option } from "commander";
import { defaultDetachKeys, parseDetachKeys } from "./terminal/detach-keys.ts";

/** Adds `--detach-keys`, whose value is the bytes that the keys send. */
export function addDetachKeys(command: Command): Command {
  return command.addOption(
    new Option("--detach-keys <keys>", "keys that detach: ctrl-X or characters, commas between")
      .argParser(parseDetachKeys)
      .default(parseDetachKeys(defaultDetachKeys), defaultDetachKeys),
  );
}
