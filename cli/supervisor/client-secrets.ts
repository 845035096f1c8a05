import { readFileSync, statSync } from "node:fs";
import type { Config } from "../../lib/config.ts";
import { CliError } from "../errors.ts";

/** What this installation shows its identity providers, from the files that the settings name. Throws a CliError. */
export function readClientSecrets({ signIn: { oidc, github } }: Pick<Config, "signIn">): {
  oidc?: string;
  github?: string;
} {
  if (github && !github.clientSecretFile) {
    throw new CliError("MINIRUN_GITHUB_CLIENT_ID is set without MINIRUN_GITHUB_CLIENT_SECRET_FILE.", {
      remedy: "Write the OAuth app's client secret into a file of root's and name that.",
    });
  }
  return {
    ...(oidc?.clientSecretFile && { oidc: readSecret("MINIRUN_OIDC_CLIENT_SECRET_FILE", oidc.clientSecretFile) }),
    ...(github?.clientSecretFile && {
      github: readSecret("MINIRUN_GITHUB_CLIENT_SECRET_FILE", github.clientSecretFile),
    }),
  };
}

function readSecret(setting: string, path: string): string {
  try {
    if ((statSync(path).mode & 0o007) !== 0) throw new Error("everyone may read it: chmod 600 it");
    const secret = readFileSync(path, "utf8").trim();
    if (secret === "") throw new Error("it is empty");
    return secret;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`The client secret in ${path} cannot be used: ${reason}.`, {
      remedy: `Put the secret there, for root alone to read; or unset ${setting}.`,
      cause: error,
    });
  }
}
