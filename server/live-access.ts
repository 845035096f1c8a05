import { createHash } from "node:crypto";
import type { Logger } from "pino";
import { callWorker } from "../lib/client/worker.ts";
import {
  type Access,
  findPrincipal,
  principalIdOf,
  principalOfToken,
  type StoredToken,
} from "../lib/contract/access.ts";
import type { EventLine } from "../lib/contract/event.ts";
import { fail } from "../lib/contract/problem.ts";
import { tokenPrefix } from "../lib/contract/token.ts";
import type { PrincipalResolver } from "./principals.ts";

/** How long a change is waited for that the worker has answered already. */
const newsWithinMs = 2_000;
/** The worker is told of a token's use at most once in this time. */
const tellUseEveryMs = 60_000;

/** Who may ask, as the worker's event stream tells it: what was known last counts while the worker is away. */
export interface LiveAccess {
  hear(line: EventLine): void;
  /** Called after each change. */
  onChange(listener: () => void): void;
  /** Resolves when a version, or a later one, is known here; soon in any case. */
  until(version: number): Promise<void>;
  /** Whether a cookie of the operator was signed out, by its credential's id. */
  isEnded(credential: string): boolean;
  /** Knows API tokens. Rejects with worker-unavailable before the worker was heard for the first time. */
  resolver: PrincipalResolver;
}

export function createLiveAccess(workerSocket: string, log: Logger): LiveAccess {
  let current: Access | null = null;
  let byHash = new Map<string, StoredToken>();
  let ended = new Set<string>();
  const listeners = new Set<() => void>();
  const toldUse = new Map<string, number>();

  const hear = (line: EventLine) => {
    if (line.type !== "access") return;
    current = line.access;
    byHash = new Map(line.access.tokens.map((token) => [token.hash, token]));
    ended = new Set(line.access.ended.map(({ id }) => id));
    for (const listener of [...listeners]) listener();
  };

  const tellUse = ({ id }: StoredToken) => {
    if (Date.now() - (toldUse.get(id) ?? 0) < tellUseEveryMs) return;
    toldUse.set(id, Date.now());
    const told = callWorker(workerSocket, "POST", `/tokens/${id}/used`, undefined, { timeoutMs: 5_000 });
    told.catch((error) => log.debug({ err: error, token: id }, "the worker was not told of a token's use"));
  };

  return {
    hear,
    onChange: (listener) => void listeners.add(listener),
    until: (version) =>
      new Promise((resolve) => {
        const isKnown = () => (current?.version ?? 0) >= version;
        const end = () => {
          clearTimeout(timer);
          listeners.delete(look);
          resolve();
        };
        const look = () => isKnown() && end();
        const timer = setTimeout(end, newsWithinMs);
        listeners.add(look);
        look();
      }),
    isEnded: (credential) => ended.has(credential),
    resolver: {
      by: "bearer",
      kind: "token",
      async resolve(text) {
        if (!text.startsWith(tokenPrefix)) return null;
        if (!current) throw notHeardYet();
        const token = byHash.get(createHash("sha256").update(text).digest("hex"));
        const principal = token ? principalOfToken(current, token, Date.now()) : null;
        if (token && principal) tellUse(token);
        return principal;
      },
      renew: async (credential) => (current ? findPrincipal(current, principalIdOf(credential), Date.now()) : null),
    },
  };
}

function notHeardYet() {
  return fail("worker-unavailable", "It is not known yet who has which token", "the worker was not heard so far", {
    remedy: "Try again in a moment; the operator token works at once.",
  });
}
