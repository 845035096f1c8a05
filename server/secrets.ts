import { readFileSync } from "node:fs";
import * as z from "zod";
import { ProviderName } from "../lib/contract/person.ts";

const Secrets = z.object({
  tokenHash: z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 digest in hexadecimal"),
  sessionSecret: z.string().regex(/^([0-9a-f]{2}){32,}$/, "must be at least 32 bytes in hexadecimal"),
  version: z.string().min(1),
  databaseMode: z.enum(["embedded", "external"]),
  databaseUrl: z.string().optional(),
  /** What this installation shows its identity providers. */
  clientSecrets: z.object({ oidc: z.string().optional(), github: z.string().optional() }).default({}),
  /** Providers that the settings name and whose secret can't be read. */
  unusableProviders: z.array(ProviderName).default([]),
  /** Certificate and key come by descriptor 4, at the start and whenever they change. */
  tlsMessages: z.boolean().default(false),
});

/** What the supervisor tells the web process that must not stand in its environment or arguments. */
export type Secrets = z.infer<typeof Secrets>;

/**
 * Reads the one JSON object that the supervisor wrote to an inherited pipe, up to its end.
 * Throws when the descriptor is not open or the object does not fit.
 */
export function readSecrets(descriptor: number): Secrets {
  return parseSecrets(readDescriptor(descriptor));
}

function readDescriptor(descriptor: number): string {
  try {
    return readFileSync(descriptor, "utf8");
  } catch (cause) {
    throw new Error(
      `descriptor ${descriptor} cannot be read: the web process expects its secrets there as JSON. Start it with ./minirun up.`,
      { cause },
    );
  }
}

/** The same from a text; an error names the member that does not fit and never its value. */
export function parseSecrets(text: string): Secrets {
  const parsed = Secrets.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "the object"}: ${issue.message}`);
  throw new Error(`the secrets do not fit: ${faults.join("; ")}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("the secrets are not JSON");
  }
}
