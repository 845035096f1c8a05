import { randomUUID } from "node:crypto";
import type { AcceptInvitation, InvitedPerson } from "../../lib/contract/person.ts";
import { Role } from "../../lib/contract/principal.ts";
import { fail } from "../../lib/contract/problem.ts";
import { withDatabase } from "../auth/database-away.ts";
import type { WebContext } from "../context.ts";
import { networkOf } from "../rate-limit.ts";
import type { RequestContext } from "../request-context.ts";
import { clearedSessionCookie } from "../session-cookie.ts";
import { limited } from "./limited.ts";
import { hashCode } from "./people.ts";

/** Whom a one-time link was made for. Throws link-not-found, too-many-requests, database-unavailable. */
export function readInvitation(context: WebContext, code: string, current: RequestContext): Promise<InvitedPerson> {
  return limited(context.signInAttempts, networkOf(current.remote), () =>
    withDatabase(context, async () => {
      const found = await context.store.prisma.personInvitation.findUnique({
        where: { codeHash: hashCode(code), expiresAt: { gt: new Date() } },
        include: { person: true },
      });
      if (!found || found.person.disabledAt) throw noSuchLink();
      const { name, email, role, joinedAt } = found.person;
      return { name, email, role: Role.parse(role), isNew: joinedAt === null };
    }),
  );
}

/** Sets name and password by a one-time link, which is used up with that, ends all sessions before, and signs in. */
export async function acceptInvitation(
  context: WebContext,
  { code, name, password }: AcceptInvitation,
  current: RequestContext,
): Promise<string[]> {
  await readInvitation(context, code, current);
  const hash = await context.people.hashPassword(password);
  const person = await withDatabase(context, () => takeInvitation(context, code, name, hash));
  current.note.principal = { id: person.id, name: person.name };
  context.people.sessions.forget({ personId: person.id });
  context.openStreams.revoke({ principal: person.id });
  const cookies = await context.people.signIn(current, person.email, password);
  return [...cookies, clearedSessionCookie(current.secure)];
}

/** Two who use the same link at once: the one who deletes it gets in. */
function takeInvitation({ store }: WebContext, code: string, name: string, password: string) {
  return store.prisma.$transaction(async (transaction) => {
    const where = { codeHash: hashCode(code), expiresAt: { gt: new Date() } };
    const found = await transaction.personInvitation.findUnique({ where });
    const { count } = await transaction.personInvitation.deleteMany({ where });
    if (!found || count === 0) throw noSuchLink();
    const userId = found.personId;
    await setPassword(transaction, userId, password);
    await transaction.personSession.deleteMany({ where: { userId } });
    return transaction.person.update({ where: { id: userId }, data: { name, updatedAt: new Date() } });
  });
}

type Transaction = Pick<WebContext["store"]["prisma"], "personAccount">;

/** Puts a password's hash in the place of the one before. */
export async function setPassword(database: Transaction, userId: string, password: string): Promise<void> {
  const key = { providerId: "credential", accountId: userId };
  await database.personAccount.upsert({
    where: { providerId_accountId: key },
    create: { id: randomUUID(), userId, ...key, password },
    update: { password, updatedAt: new Date() },
  });
}

function noSuchLink() {
  return fail(
    "link-not-found",
    "The link does not work",
    "it was used before, a newer one was made, or its time is over",
    {
      remedy: "Ask an administrator for a new one.",
    },
  );
}
