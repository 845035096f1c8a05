import { getCookieCache } from "better-auth/cookies";
import * as z from "zod";
import { type Credential, type Principal, Role } from "../../lib/contract/principal.ts";
import type { WebContext } from "../context.ts";
import type { PrincipalResolver } from "../principals.ts";
import { throughDatabase } from "../services/through-database.ts";
import { readCookie } from "../session-cookie.ts";
import { cookiePrefix } from "./cleared-cookies.ts";
import { databaseAway } from "./database-away.ts";
import { readSignedCookie } from "./signed-cookie.ts";

/** Knows people by the session cookies of their browsers. */
export interface Sessions extends PrincipalResolver {
  /** Of a Cookie header whose session holds. */
  idIn(cookie: string | undefined): string | null;
  /** The session, or every session of the person, counts no longer for this process. */
  forget(ended: { sessionId: string } | { personId: string }): void;
  /** The person has changed: is read anew, and copies in browsers, which tell how things were, count no longer. */
  reread(personId: string): void;
}

/** What was found out about a session, and when. */
interface Known {
  principal: Principal | null;
  readAt: number;
}

/** A session is read again when it was last read so long ago: what changed elsewhere shows after that. */
const freshMs = 400;
const noteUseEveryMs = 60 * 1000;
const maxKept = 5_000;

const select = {
  id: true,
  expiresAt: true,
  lastUsedAt: true,
  person: { select: { id: true, name: true, role: true, disabledAt: true } },
} as const;

type Parts = Pick<WebContext, "store" | "database" | "log"> & { secret: string };

/**
 * Reads sessions from the database, a moment's worth of requests at a time. While it is away those who were known stay
 * signed in, and so do those whose browser brings its signed copy, which is a day old at most; but nobody whose session
 * this process has ended.
 */
export function createSessions(parts: Parts): Sessions {
  const known = new Map<string, Known>();
  const reading = new Map<string, Promise<Principal | null>>();
  const tokens = new Map<string, string>();
  const ended = new Set<string>();
  /** When people changed: copies from before tell how they were. */
  const changed = new Map<string, number>();

  const holds = (principal: Principal | null): Principal | null => {
    if (!principal || ended.has(principal.credential.id)) return null;
    return Date.parse(principal.credential.expiresAt ?? "") > Date.now() ? principal : null;
  };

  const keep = (token: string, principal: Principal | null) => {
    remember(known, token, { principal, readAt: Date.now() });
    if (principal) remember(tokens, principal.credential.id, token);
    return principal;
  };

  const read = (token: string, cookie: string | null): Promise<Principal | null> =>
    throughDatabase(
      parts,
      async () => keep(token, await readSession(parts, token)),
      async () => {
        const before = known.get(token)?.principal;
        if (before) return before;
        const copy = cookie === null ? null : await readCopy(parts.secret, cookie, token);
        if (!copy || copy.madeAt <= (changed.get(copy.principal.id) ?? 0)) throw databaseAway();
        return keep(token, copy.principal);
      },
    );

  /** One question at a time for each session. While the database is known to be away, nobody known waits for it. */
  const look = async (token: string, cookie: string | null): Promise<Principal | null> => {
    const entry = known.get(token);
    if (entry && Date.now() - entry.readAt < freshMs) return holds(entry.principal);
    const asked =
      reading.get(token) ??
      remember(
        reading,
        token,
        read(token, cookie).finally(() => reading.delete(token)),
      );
    if (!entry?.principal || parts.database.available) return holds(await asked);
    asked.catch(() => {});
    return holds(entry.principal);
  };

  const reread = (personId: string) => {
    remember(changed, personId, Date.now());
    for (const [token, { principal }] of known) if (principal?.id === personId) known.delete(token);
  };

  return {
    by: "cookie",
    kind: "session",
    async resolve(cookie) {
      const token = tokenIn(cookie, parts.secret);
      return token === null ? null : look(token, cookie);
    },
    async renew({ id }) {
      const token = tokens.get(id);
      return token === undefined ? null : look(token, null);
    },
    idIn(cookie) {
      const token = cookie === undefined ? null : tokenIn(cookie, parts.secret);
      return (token !== null && holds(known.get(token)?.principal ?? null)?.credential.id) || null;
    },
    forget(which) {
      for (const { principal } of known.values()) {
        const { sessionId, personId } = { sessionId: null, personId: null, ...which };
        const isMeant = principal?.id === personId || principal?.credential.id === sessionId;
        if (principal && isMeant) remember(ended, principal.credential.id);
      }
      if ("sessionId" in which) remember(ended, which.sessionId);
      else reread(which.personId);
    },
    reread,
  };
}

/** Puts it in, as the youngest; the oldest makes room. */
function remember<V>(map: Map<string, V>, key: string, value: V): V;
function remember(set: Set<string>, key: string): void;
function remember(kept: Map<string, unknown> | Set<string>, key: string, value?: unknown): unknown {
  kept.delete(key);
  if (kept instanceof Map) kept.set(key, value);
  else kept.add(key);
  const oldest = kept.keys().next();
  if (kept.size > maxKept && !oldest.done) kept.delete(oldest.value);
  return value;
}

/** The session's token of a Cookie header; null without a cookie that is signed by us, and then nobody asks a database. */
function tokenIn(cookie: string, secret: string): string | null {
  for (const origin of ["https:", "http:"]) {
    const value = readCookie(cookie, `${cookiePrefix(origin)}.session_token`);
    const token = value === null ? null : readSignedCookie(value, secret);
    if (token !== null) return token;
  }
  return null;
}

async function readSession({ store, log }: Parts, token: string): Promise<Principal | null> {
  const session = await store.prisma.personSession.findUnique({ where: { token }, select });
  const found = Found.safeParse(session);
  if (!found.success) return null;
  const { id, lastUsedAt } = found.data;
  if (Date.now() - (lastUsedAt?.getTime() ?? 0) >= noteUseEveryMs) {
    store.prisma.personSession
      .updateMany({ where: { id }, data: { lastUsedAt: new Date() } })
      .catch((error: unknown) => log.debug({ err: error }, "a session's use could not be noted"));
  }
  return principalOf(found.data);
}

const Found = z.object({
  id: z.string(),
  expiresAt: z.coerce.date(),
  lastUsedAt: z.coerce.date().nullish(),
  person: z.object({ id: z.string(), name: z.string(), role: Role, disabledAt: z.coerce.date().nullish() }),
});

/** What better-auth has put into the browser's copy: the session with its token, and the person. */
const Copy = z.object({
  session: Found.omit({ person: true }).extend({ token: z.string() }),
  user: Found.shape.person,
  updatedAt: z.number(),
});

/** The session as the browser's own signed copy tells it; null when there is none that holds, or it is another one's. */
async function readCopy(
  secret: string,
  cookie: string,
  token: string,
): Promise<{ principal: Principal; madeAt: number } | null> {
  for (const origin of ["https:", "http:"]) {
    const settings = { secret, cookiePrefix: cookiePrefix(origin), isSecure: false };
    const { data } = Copy.safeParse(await getCookieCache(new Headers({ cookie }), settings));
    if (data?.session.token !== token) continue;
    const principal = principalOf({ ...data.session, person: data.user });
    return principal && { principal, madeAt: data.updatedAt };
  }
  return null;
}

function principalOf({ id, expiresAt, person }: z.output<typeof Found>): Principal | null {
  if (person.disabledAt) return null;
  const credential: Credential = { kind: "session", id, expiresAt: expiresAt.toISOString() };
  return { id: person.id, name: person.name, role: person.role, credential };
}
