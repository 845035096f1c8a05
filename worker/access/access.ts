import { createHash, randomBytes, randomUUID } from "node:crypto";
import {
  Access,
  describeToken,
  type EndedCookie,
  findPrincipal,
  type KnownPerson,
  type StoredToken,
} from "../../lib/contract/access.ts";
import type { Principal, Role } from "../../lib/contract/principal.ts";
import { fail, type ProblemError } from "../../lib/contract/problem.ts";
import { reaches } from "../../lib/contract/role.ts";
import { type CreateToken, type NewToken, type TokenInfo, tokenPrefix } from "../../lib/contract/token.ts";
import { type FileWriter, readJson } from "../state/files.ts";
import { createLanes } from "../state/lanes.ts";

/** Unrevoked tokens of one maker, at most. */
const maxTokens = 100;
/** A token's last use is written down at most once in this time. */
const noteUseEveryMs = 60_000;
/** So many cookies are remembered that were signed out. */
const maxEnded = 10_000;
/** What was revoked so long ago is forgotten. */
const keepRevokedMs = 30 * 24 * 60 * 60 * 1000;

const tokenHash = (token: string) => createHash("sha256").update(token).digest("hex");

/**
 * Who may ask on this node: API tokens, and people as the database last told of them. In memory and in a file, so that
 * all of it holds while the database is away; of tokens only hashes are there. A principal's id says who somebody claims
 * to be, and this what that one may do: nothing that the web process or a job says of roles counts.
 */
export interface KeptAccess {
  readonly current: Access;
  /** Hears of everything after each change; answers how to stop that. */
  onChange(listener: (access: Access) => void): () => void;
  /** Throws forbidden for who is nobody any more, or whose role is too low. */
  require(principal: string, needed: Role): Principal;
  /** Throws forbidden when the maker may not, and too-many-requests. `version` is the first that has it. */
  createToken(maker: string, asked: CreateToken): Promise<NewToken & { version: number }>;
  /** Own tokens; an administrator's are all. */
  listTokens(asker: string): TokenInfo[];
  /** Throws not-found for one that is not the asker's, unless that is an administrator. */
  revokeToken(asker: string, id: string): Promise<{ version: number }>;
  noteUse(id: string): Promise<void>;
  /** Remembers that a cookie was signed out. */
  endCookie(cookie: EndedCookie): Promise<{ version: number }>;
  /** Takes over what the database knows: people as they are there, tokens merged. */
  merge(people: readonly KnownPerson[], tokens: readonly StoredToken[]): Promise<void>;
}

/** `path` is HOME/access.json. Throws when it is damaged. */
export async function openAccess(path: string, { replaceFile }: FileWriter): Promise<KeptAccess> {
  const lanes = createLanes();
  const listeners = new Set<(access: Access) => void>();
  let current = (await readJson(path, Access)) ?? { version: 0, people: [], tokens: [], ended: [] };

  const change = (make: (before: Access) => Partial<Access>): Promise<Access> =>
    lanes.run(path, async () => {
      // Higher than any before, that of another life of this worker included.
      const version = Math.max(current.version + 1, Date.now());
      const next = { ...current, ...make(current), version };
      await replaceFile(path, JSON.stringify(next), true);
      current = next;
      for (const listener of listeners) listener(next);
      return next;
    });
  const changeToken = (id: string, given: Partial<StoredToken>) =>
    change(({ tokens }) => ({ tokens: tokens.map((token) => (token.id === id ? { ...token, ...given } : token)) }));
  const require = (id: string, needed: Role): Principal => {
    const principal = findPrincipal(current, id, Date.now());
    if (!principal) throw nobody(id);
    if (!reaches(principal.role, needed)) throw tooLow(id, principal.role, needed);
    return principal;
  };
  const live = () => current.tokens.filter(({ revokedAt }) => revokedAt === null);

  return {
    get current() {
      return current;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    require,
    async createToken(maker, { name, role, expiresAt }) {
      require(maker, role);
      if (live().filter(({ createdBy }) => createdBy === maker).length >= maxTokens) throw tooMany();
      const token = tokenPrefix + randomBytes(32).toString("base64url");
      const made: StoredToken = {
        ...{ id: randomUUID(), name, role, hash: tokenHash(token), createdBy: maker },
        ...{ createdAt: new Date().toISOString(), expiresAt, lastUsedAt: null, revokedAt: null },
      };
      const next = await change(({ tokens }) => ({ tokens: [...tokens, made] }));
      return { ...describeToken(next, made, Date.now()), token, version: next.version };
    },
    listTokens(asker) {
      const { role } = require(asker, "viewer");
      const shown = live().filter(({ createdBy }) => createdBy === asker || role === "administrator");
      return shown.map((token) => describeToken(current, token, Date.now()));
    },
    async revokeToken(asker, id) {
      const { role } = require(asker, "viewer");
      const token = live().find((one) => one.id === id);
      const isOwn = token?.createdBy === asker || asker === `token:${id}`;
      if (!token || !(isOwn || role === "administrator")) throw noToken(id);
      return { version: (await changeToken(id, { revokedAt: new Date().toISOString() })).version };
    },
    async noteUse(id) {
      const token = live().find((one) => one.id === id);
      if (!token || Date.now() - Date.parse(token.lastUsedAt ?? "1970") < noteUseEveryMs) return;
      await changeToken(id, { lastUsedAt: new Date().toISOString() });
    },
    async endCookie(cookie) {
      const now = new Date().toISOString();
      const isLeft = ({ id, expiresAt }: EndedCookie) => id !== cookie.id && expiresAt > now;
      const next = await change(({ ended }) => ({
        ended: [...ended.filter(isLeft), cookie].slice(-maxEnded),
      }));
      return { version: next.version };
    },
    async merge(people, tokens) {
      const merged = mergeTokens(current.tokens, tokens);
      if (JSON.stringify([people, merged]) === JSON.stringify([current.people, current.tokens])) return;
      await change((before) => ({ people: [...people], tokens: mergeTokens(before.tokens, tokens) }));
    },
  };
}

/** What either side knows: whatever was revoked stays so, and the later use counts. */
function mergeTokens(own: readonly StoredToken[], others: readonly StoredToken[]): StoredToken[] {
  const merged = new Map(own.map((token) => [token.id, token]));
  for (const other of others) {
    const known = merged.get(other.id);
    merged.set(other.id, {
      ...other,
      lastUsedAt: later(known?.lastUsedAt ?? null, other.lastUsedAt),
      revokedAt: known?.revokedAt ?? other.revokedAt,
    });
  }
  const oldest = Date.now() - keepRevokedMs;
  return [...merged.values()].filter(({ revokedAt }) => revokedAt === null || Date.parse(revokedAt) > oldest);
}

function later(one: string | null, other: string | null): string | null {
  return (one ?? "") > (other ?? "") ? one : other;
}

function nobody(id: string): ProblemError {
  return fail(
    "forbidden",
    "That is nobody any more",
    `${JSON.stringify(id)} is unknown here, or was revoked or disabled`,
    {
      remedy: "Sign in again, or make a new token.",
    },
  );
}

function tooLow(id: string, role: Role, needed: Role): ProblemError {
  return fail("forbidden", "Your role does not allow that", `this needs the role ${needed}, and ${id} has ${role}`, {
    remedy: "Ask an administrator for the role, or for somebody to do it.",
    details: { neededRole: needed, role },
  });
}

function noToken(id: string): ProblemError {
  return fail("token-not-found", "No such token", `You have no token ${JSON.stringify(id)}.`);
}

function tooMany(): ProblemError {
  return fail("too-many-requests", "Too many tokens", `one maker can have ${maxTokens}`, {
    remedy: "Revoke those that nobody uses: `./minirun tokens list` says when each was used last.",
  });
}
