import type { Command } from "commander";
import { readConfig } from "../../lib/config.ts";
import { CliError } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { readOperatorToken } from "../operator-token.ts";
import { makeSignInLink } from "../sign-in-link.ts";
import { runningSupervisor } from "../supervisor/state.ts";

export function registerToken(program: Command): void {
  const command = program
    .command("token")
    .summary("print the operator token, or a sign-in link with --link")
    .description("Prints the operator's API token alone on a line; with --link a link that signs in once.")
    .option("--link", "print a one-time sign-in link")
    .action(async (options: { link?: boolean }) => {
      console.log(options.link ? await link() : readOperatorToken(readConfig()));
    });
  addExamples(
    command,
    'curl -H "Authorization: Bearer $(./minirun token)" http://localhost:8080/api/v1/containers',
    "./minirun token --link",
  );
}

async function link(): Promise<string> {
  const config = readConfig();
  const running = runningSupervisor(config);
  if (!running) throw new CliError("MiniRun does not run, and its worker makes the links.", { remedy: "./minirun up" });
  return makeSignInLink(config, running.url);
}
