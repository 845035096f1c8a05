import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import type { Config } from "../../lib/config.ts";
import { requireFittingPair, type TlsMessage } from "../../lib/tls-material.ts";

/** Certificate and key as root reads them, again and again, for whoever may not. */
export interface TlsFiles {
  /** Tells how things stand, if there is anything to tell, and every change; returns what ends that. */
  subscribe(listener: (message: TlsMessage) => void): () => void;
  close(): void;
}

const lookEveryMs = 500;
const maxBytes = 1024 * 1024;

/**
 * Watches the files of the settings. A pair that fits is told; one that does not is refused, with the reason, and the one
 * before goes on. Looks by time stamps, because certificates are often links that are turned over.
 */
export function watchTlsFiles({ tls }: Pick<Config, "tls">, say: (line: string) => void): TlsFiles {
  const listeners = new Set<(message: TlsMessage) => void>();
  let pair: TlsMessage | null = null;
  let refusal: TlsMessage | null = null;
  let judged = "";
  let seen = "";

  const look = () => {
    const now = `${stampOf(tls.certificate)} ${stampOf(tls.key)}`;
    // Two files are not replaced at once: they are read when they have stood still for a moment.
    const isSettled = now === seen;
    seen = now;
    if (!isSettled || now === judged) return;
    judged = now;
    const message = readPair(tls);
    if (!message) {
      if (pair) say("the certificate's files are gone: TLS goes on with the pair that was read last");
      return;
    }
    if (message.type === "pair") [pair, refusal] = [message, null];
    else {
      refusal = message;
      say(
        `the certificate ${tls.certificate} with the key ${tls.key} is refused: ${message.reason}${pair ? "; the one before stays" : ""}`,
      );
    }
    for (const listener of listeners) listener(message);
  };
  look();
  look();
  const timer = setInterval(look, lookEveryMs);
  return {
    subscribe(listener) {
      listeners.add(listener);
      for (const message of [pair, refusal]) if (message) listener(message);
      return () => listeners.delete(listener);
    },
    close: () => clearInterval(timer),
  };
}

/** The pair that is there, or why it is refused; null when there is none. */
function readPair({ certificate, key }: Config["tls"]): TlsMessage | null {
  if (stampOf(certificate) === absent && stampOf(key) === absent) return null;
  try {
    const pair = { certificate: readText(certificate), key: readText(key, { secret: true }) };
    requireFittingPair(pair);
    return { type: "pair", ...pair };
  } catch (error) {
    return { type: "refused", reason: error instanceof Error ? error.message : String(error) };
  }
}

function readText(path: string, { secret = false } = {}): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { mode, size } = fstatSync(file);
    if (size > maxBytes) throw new Error(`a file of ${size} bytes is no certificate or key`);
    if (secret && (mode & 0o007) !== 0) throw new Error("everyone may read the key: chmod 600 it");
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

const absent = "absent";

/** Of the file that a link leads to. */
function stampOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.mode].join(":") : absent;
}
