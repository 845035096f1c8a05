import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { paths, readConfig } from "../../lib/config.ts";
import { CliError } from "../errors.ts";
import { runningSupervisor } from "../supervisor/state.ts";
import { makeSignInLink } from "./up.ts";

export function registerToken(program: Command): void {
  program
    .command("token")
    .summary("print the operator token, or a sign-in link with --link")
    .description("Prints the operator's API token alone on a line; with --link a link that signs in once.")
    .option("--link", "print a one-time sign-in link")
    .addHelpText(
      "after",
      '\nExamples:\n  curl -H "Authorization: Bearer $(./minirun token)" http://localhost:8080/api/v1/containers\n  ./minirun token --link',
    )
    .action(async (options: { link?: boolean }) => {
      console.log(options.link ? await link() : readOperatorToken(readConfig()));
    });
}

async function link(): Promise<string> {
  const config = readConfig();
  const running = runningSupervisor(config);
  if (!running) throw new CliError("MiniRun does not run, and its worker makes the links.", { remedy: "./minirun up" });
  return makeSignInLink(config, running.url);
}

/** The operator token from HOME/operator-token. Throws a CliError when it is not there or may not be read. */
export function readOperatorToken(config: { home: string; run: string }): string {
  const path = paths(config).operatorToken;
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT") {
      throw new CliError(`There is no operator token yet in ${path}.`, {
        remedy: "./minirun up makes it, at its first start.",
      });
    }
    throw new CliError(`${path} cannot be read: ${code ?? error}.`, {
      remedy: "Only root may: sudo ./minirun …, or give a token in MINIRUN_TOKEN and the address with --url.",
    });
  }
}
