import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Config, paths } from "../../lib/config.ts";
import { writeWhole } from "./write-whole.ts";

/** What root alone knows. The web process gets a hash of the token, never the token. */
export interface Secrets {
  operatorToken: string;
  /** Hex; keys the signatures of session cookies. */
  sessionSecret: string;
}

/** The secrets of this installation; made at the first start, kept in files of mode 0600. */
export function ensureSecrets(config: Config): Secrets {
  const at = paths(config);
  return {
    operatorToken: readOrMake(at.operatorToken, () => `mr_${randomBytes(32).toString("base64url")}`),
    sessionSecret: readOrMake(at.sessionSecret, () => randomBytes(32).toString("hex")),
  };
}

/** Hex SHA-256: the token has 256 random bits, so no slow hash is needed. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function readOrMake(path: string, make: () => string): string {
  const kept = readKept(path);
  if (kept) return kept;
  const made = make();
  writeWhole(path, `${made}\n`, 0o600);
  return made;
}

function readKept(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim() || null;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
