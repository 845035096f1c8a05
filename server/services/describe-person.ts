import { type Person, SignInWay } from "../../lib/contract/person.ts";
import { Role } from "../../lib/contract/principal.ts";
import type { Store } from "../../lib/store/store.ts";

/** What of other tables belongs to a person's description, as of now. */
export function personParts() {
  return {
    accounts: { select: { providerId: true } },
    sessions: { where: { expiresAt: { gt: new Date() } }, select: { lastUsedAt: true, createdAt: true } },
    invitation: { select: { expiresAt: true } },
  } as const;
}

type Row = NonNullable<Awaited<ReturnType<Store["prisma"]["person"]["findUnique"]>>> & {
  accounts: { providerId: string }[];
  sessions: { lastUsedAt: Date | null; createdAt: Date }[];
  invitation: { expiresAt: Date } | null;
};

export function describePerson({ accounts, sessions, invitation, ...row }: Row): Person {
  const seen = sessions.map(({ lastUsedAt, createdAt }) => (lastUsedAt ?? createdAt).getTime());
  const ways = accounts.map(({ providerId }) => SignInWay.parse(providerId === "credential" ? "password" : providerId));
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: Role.parse(row.role),
    status: row.disabledAt ? "disabled" : row.joinedAt ? "active" : "invited",
    ways: [...new Set(ways)],
    sessions: sessions.length,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: seen.length > 0 ? new Date(Math.max(...seen)).toISOString() : (row.joinedAt?.toISOString() ?? null),
    linkExpiresAt:
      invitation && invitation.expiresAt.getTime() > Date.now() ? invitation.expiresAt.toISOString() : null,
  };
}
