import { readFileSync, statSync } from "node:fs";
import type { Config } from "../../lib/config.ts";
import type { ProviderName } from "../../lib/contract/person.ts";
import { CliError } from "../errors.ts";

export interface ClientSecrets {
  secrets: Partial<Record<ProviderName, string>>;
  /** Providers whose secret can't be used: MiniRun runs without them. */
  faults: Partial<Record<ProviderName, CliError>>;
}

/** What this installation shows its identity providers, from the files that the settings name. */
export function readClientSecrets({ signIn: { oidc, github } }: Pick<Config, "signIn">): ClientSecrets {
  const read: ClientSecrets = { secrets: {}, faults: {} };
  const take = (provider: ProviderName, setting: string, path: string) => {
    try {
      read.secrets[provider] = readSecret(path);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      read.faults[provider] = new CliError(`The client secret in ${path} cannot be used: ${reason}.`, {
        remedy: `Put the secret there, for root alone to read, and start MiniRun again; or unset ${setting}.`,
        cause: error,
      });
    }
  };
  if (oidc?.clientSecretFile) take("oidc", "MINIRUN_OIDC_CLIENT_SECRET_FILE", oidc.clientSecretFile);
  if (github?.clientSecretFile) take("github", "MINIRUN_GITHUB_CLIENT_SECRET_FILE", github.clientSecretFile);
  else if (github) {
    read.faults.github = new CliError("MINIRUN_GITHUB_CLIENT_ID is set without MINIRUN_GITHUB_CLIENT_SECRET_FILE.", {
      remedy: "Write the OAuth app's client secret into a file of root's and name that.",
    });
  }
  return read;
}

function readSecret(path: string): string {
  if ((statSync(path).mode & 0o007) !== 0) throw new Error("everyone may read it: chmod 600 it");
  const secret = readFileSync(path, "utf8").trim();
  if (secret === "") throw new Error("it is empty");
  return secret;
}
