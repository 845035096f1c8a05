import { readFileSync } from "node:fs";
import { paths } from "../lib/config.ts";
import { CliError } from "./errors.ts";

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
