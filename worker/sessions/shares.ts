import { createHash, randomBytes } from "node:crypto";
import * as z from "zod";
import { fail } from "../../lib/contract/problem.ts";
import type { Share } from "../../lib/contract/session.ts";
import { type FileWriter, readJson } from "../state/files.ts";
import { createLanes } from "../state/lanes.ts";

/** Shares of one session that are kept; older ones end. */
const keptOfSession = 16;

const StoredShare = z.object({ hash: z.string(), session: z.uuid(), expiresAt: z.iso.datetime() });
type StoredShare = z.infer<typeof StoredShare>;
const ShareFile = z.object({ version: z.literal(1), shares: z.array(StoredShare) });

/** Codes that let whoever has one watch a session. Only their hashes are kept, and they end with the host. */
export interface Shares {
  create(session: string, minutes: number): Promise<Share>;
  /** The share behind a code. Throws share-not-found. */
  find(code: string): { id: string; session: string };
  isShared(session: string): boolean;
  /** Ends all shares of a session. */
  end(session: string): Promise<void>;
  /** Ends those of sessions that the predicate does not hold for. */
  endUnless(holds: (session: string) => boolean): Promise<void>;
  /** Calls the listener when a share ends, by whatever cause; answers how to take that back. */
  onEnd(id: string, listener: () => void): () => void;
}

const hashOf = (code: string) => createHash("sha256").update(code).digest("hex");

/** `path` is RUN/shares.json; `now` answers milliseconds since 1970. */
export async function openShares(
  path: string,
  { replaceFile }: FileWriter,
  now: () => number = Date.now,
): Promise<Shares> {
  let shares = (await readJson(path, ShareFile).catch(() => null))?.shares ?? [];
  const listeners = new Map<string, Set<() => void>>();
  const lanes = createLanes();
  const isOpen = ({ expiresAt }: StoredShare) => Date.parse(expiresAt) > now();

  const keep = async (kept: StoredShare[]) => {
    const ended = shares.filter((share) => !kept.includes(share));
    shares = kept;
    for (const { hash } of ended) for (const listener of listeners.get(hash) ?? []) listener();
    await lanes.run(path, () => replaceFile(path, JSON.stringify({ version: 1, shares }), false));
  };

  const endUnless: Shares["endUnless"] = async (holds) => {
    const kept = shares.filter(({ session }) => holds(session));
    if (kept.length < shares.length) await keep(kept);
  };

  return {
    async create(session, minutes) {
      const code = randomBytes(32).toString("base64url");
      const expiresAt = new Date(now() + minutes * 60_000).toISOString();
      const own = shares.filter((share) => share.session === session && isOpen(share));
      const others = shares.filter((share) => share.session !== session && isOpen(share));
      await keep([...others, ...own.slice(1 - keptOfSession), { hash: hashOf(code), session, expiresAt }]);
      return { code, path: `/watch#${code}`, expiresAt };
    },
    find(code) {
      const hash = hashOf(code);
      const share = shares.find((one) => one.hash === hash && isOpen(one));
      if (share) return { id: hash, session: share.session };
      throw fail("share-not-found", "The link does not work", "Its time is over, it was ended, or it never was one.", {
        remedy: "Ask whoever sent it for a new one.",
      });
    },
    isShared: (session) => shares.some((share) => share.session === session && isOpen(share)),
    end: (session) => endUnless((one) => one !== session),
    endUnless,
    onEnd(id, listener) {
      const share = shares.find(({ hash }) => hash === id);
      const left = share ? Date.parse(share.expiresAt) - now() : 0;
      const timer = setTimeout(listener, Math.max(0, left));
      const set = listeners.get(id) ?? new Set();
      listeners.set(id, set.add(listener));
      return () => {
        clearTimeout(timer);
        set.delete(listener);
        if (set.size === 0) listeners.delete(id);
      };
    },
  };
}
