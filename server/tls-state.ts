import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Logger } from "pino";
import { readCertificate, TlsMessage, type TlsPair } from "../lib/tls-material.ts";

/** How this process stands with TLS. */
export interface TlsState {
  readonly port: number;
  /** What the certificate in use says; null while there is none, and HTTPS with it. */
  readonly certificate: { names: readonly string[]; expiresAt: Date } | null;
  /** Why what was found last is not in use. */
  readonly refusal: { reason: string; since: Date } | null;
}

export interface TlsKeeper extends TlsState {
  /** Takes a pair into use by `use`, which throws when it can't be. */
  take(message: TlsMessage, use: (pair: TlsPair) => void): void;
}

export function createTlsKeeper(port: number, log: Logger): TlsKeeper {
  let certificate: TlsState["certificate"] = null;
  let refusal: TlsState["refusal"] = null;

  const refuse = (reason: string) => {
    refusal = { reason, since: new Date() };
    const rest = certificate ? "the one before stays" : "there is no HTTPS";
    log.error({ reason }, `a certificate is refused; ${rest}`);
  };

  return {
    port,
    get certificate() {
      return certificate;
    },
    get refusal() {
      return refusal;
    },
    take(message, use) {
      if (message.type === "refused") return refuse(message.reason);
      try {
        const facts = readCertificate(message.certificate);
        use(message);
        certificate = facts;
        refusal = null;
        log.info({ names: facts.names, expiresAt: facts.expiresAt, port }, "certificate in use");
      } catch (error) {
        refuse(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

/** Reads the supervisor's messages until it ends. One that does not fit is left out, and never logged: it may be a key. */
export function readTlsMessages(from: Readable, log: Logger, onMessage: (message: TlsMessage) => void): void {
  from.on("error", () => {});
  createInterface({ input: from, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
    const message = parse(line);
    if (message) onMessage(message);
    else log.error("the supervisor's message about a certificate can't be read");
  });
}

function parse(line: string): TlsMessage | null {
  try {
    return TlsMessage.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
