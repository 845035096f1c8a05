import type { BrowserSession, ChangePassword, Person } from "../../lib/contract/person.ts";
import type { Principal } from "../../lib/contract/principal.ts";
import { fail } from "../../lib/contract/problem.ts";
import { withDatabase } from "../auth/database-away.ts";
import type { WebContext } from "../context.ts";
import { describeDevice } from "./describe-device.ts";
import { setPassword } from "./invitations.ts";
import { limited } from "./limited.ts";
import { findPerson } from "./people.ts";

/** All here throw not-found for who is no person in a browser: the operator, and API tokens. */
export async function readAccount(context: WebContext, principal: Principal): Promise<Person> {
  requirePerson(principal);
  return findPerson(context, principal.id);
}

export async function renameAccount(context: WebContext, principal: Principal, name: string): Promise<Person> {
  requirePerson(principal);
  const change = { where: { id: principal.id }, data: { name, updatedAt: new Date() } };
  await withDatabase(context, () => context.store.prisma.person.updateMany(change));
  context.people.sessions.reread(principal.id);
  return findPerson(context, principal.id);
}

/** Sets a new password and ends every other session. Throws unauthenticated when `current` is not the one before. */
export async function changePassword(
  context: WebContext,
  principal: Principal,
  { current, password }: ChangePassword,
): Promise<void> {
  requirePerson(principal);
  await limited(context.passwordAttempts, principal.id, () => requireCurrent(context, principal.id, current ?? ""));
  const hash = await context.people.hashPassword(password);
  const { prisma } = context.store;
  const others = { userId: principal.id, id: { not: principal.credential.id } };
  const ended = await withDatabase(context, () =>
    prisma.$transaction(async (transaction) => {
      await setPassword(transaction, principal.id, hash);
      const sessions = await transaction.personSession.findMany({ where: others, select: { id: true } });
      await transaction.personSession.deleteMany({ where: others });
      return sessions;
    }),
  );
  for (const { id } of ended) endSession(context, id);
}

async function requireCurrent({ store, people, database }: WebContext, userId: string, current: string): Promise<void> {
  const account = await withDatabase({ database }, () =>
    store.prisma.personAccount.findFirst({ where: { userId, providerId: "credential" } }),
  );
  if (!account?.password || (await people.verifyPassword(account.password, current))) return;
  throw fail("validation-failed", "That is not your password", "the current password is another one", {
    errors: [{ path: "current", message: "is not your password" }],
    remedy: "Ask an administrator for a new link when you have forgotten it.",
  });
}

/** The browsers in which somebody is signed in, the last used first. */
export async function listBrowserSessions(context: WebContext, principal: Principal): Promise<BrowserSession[]> {
  requirePerson(principal);
  return withDatabase(context, async () => {
    const where = { userId: principal.id, expiresAt: { gt: new Date() } };
    const rows = await context.store.prisma.personSession.findMany({ where });
    return rows
      .map((row) => ({
        id: row.id,
        current: row.id === principal.credential.id,
        device: describeDevice(row.userAgent ?? ""),
        address: row.ipAddress,
        createdAt: row.createdAt.toISOString(),
        lastUsedAt: (row.lastUsedAt ?? row.createdAt).toISOString(),
        expiresAt: row.expiresAt.toISOString(),
      }))
      .sort((one, other) => other.lastUsedAt.localeCompare(one.lastUsedAt));
  });
}

/** Throws session-not-found when it is none of one's own. */
export async function endBrowserSession(context: WebContext, principal: Principal, id: string): Promise<void> {
  requirePerson(principal);
  const sessions = await listBrowserSessions(context, principal);
  if (!sessions.some((session) => session.id === id)) {
    throw fail("session-not-found", "There is no such session", "it is none of yours, or has ended");
  }
  await withDatabase(context, () =>
    context.store.prisma.personSession.deleteMany({ where: { id, userId: principal.id } }),
  );
  endSession(context, id);
}

function endSession({ people, openStreams }: WebContext, id: string): void {
  people.sessions.forget({ sessionId: id });
  openStreams.revoke({ credential: id });
}

function requirePerson({ credential, name }: Principal): void {
  if (credential.kind === "session") return;
  throw fail("not-found", "There is no account", `${name} has no account: it is no person who signed in with one`, {
    remedy: "An administrator invites people, on the page People or with `./minirun users invite`.",
  });
}
