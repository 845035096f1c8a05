import { createHash, randomBytes, randomUUID } from "node:crypto";
import * as z from "zod";
import type { Invitation, InvitePerson, Person, UpdatePerson } from "../../lib/contract/person.ts";
import type { Principal } from "../../lib/contract/principal.ts";
import { fail } from "../../lib/contract/problem.ts";
import { noteForAudit } from "../audit.ts";
import { withDatabase } from "../auth/database-away.ts";
import type { WebContext } from "../context.ts";
import { describePerson, personParts } from "./describe-person.ts";

const linkDays = 7;

/** Everybody who may sign in, by name. All here throw database-unavailable. */
export function listPeople(context: WebContext): Promise<Person[]> {
  return withDatabase(context, async () => {
    const people = await context.store.prisma.person.findMany({ include: personParts(), orderBy: { name: "asc" } });
    return people.map(describePerson);
  });
}

/** Throws person-not-found. */
export function findPerson(context: WebContext, id: string): Promise<Person> {
  return withDatabase(context, async () => {
    const where = { id: personId(id) };
    const person = await context.store.prisma.person.findUnique({ where, include: personParts() });
    if (!person) throw noSuchPerson(id);
    return describePerson(person);
  });
}

/** Makes a person who has not come yet, and the link. Throws email-taken. */
export async function invitePerson(context: WebContext, { email, name, role }: InvitePerson): Promise<Invitation> {
  const id = randomUUID();
  await withDatabase(context, async () => {
    const { prisma } = context.store;
    const taken = await prisma.person.findUnique({ where: { email } });
    if (taken) throw emailTaken(email);
    // Who invites vouches for the address: a provider that has verified the same may sign its owner in.
    const data = { id, email, name: name ?? email.slice(0, email.indexOf("@")), role, emailVerified: true };
    await prisma.person.create({ data }).catch((error: unknown) => {
      throw isUniqueViolation(error) ? emailTaken(email) : error;
    });
  });
  noteForAudit(context, { target: `${email} ${id}`, detail: `role ${role}` });
  return createSignInLink(context, id);
}

/** Changes somebody; their open terminals and streams go on only as far as the new role allows. */
export async function updatePerson(
  context: WebContext,
  principal: Principal,
  id: string,
  { name, role, disabled }: UpdatePerson,
): Promise<Person> {
  if (role !== undefined || disabled !== undefined) requireOther(principal, id);
  await withDatabase(context, async () => {
    const { prisma } = context.store;
    const data = {
      ...(name !== undefined && { name }),
      ...(role !== undefined && { role }),
      ...(disabled !== undefined && { disabledAt: disabled ? new Date() : null }),
      updatedAt: new Date(),
    };
    const where = { id: personId(id) };
    const [{ count }] = await prisma.$transaction([
      prisma.person.updateMany({ where, data }),
      ...(disabled ? [prisma.personSession.deleteMany({ where: { userId: id } })] : []),
    ]);
    if (count === 0) throw noSuchPerson(id);
  });
  const changed = [
    role && `role ${role}`,
    disabled !== undefined && (disabled ? "disabled" : "enabled"),
    name && `name ${name}`,
  ];
  noteForAudit(context, { detail: changed.filter(Boolean).join(", ") });
  if (disabled) endPerson(context, id);
  else context.people.sessions.reread(id);
  await context.openStreams.look();
  return findPerson(context, id);
}

export async function deletePerson(context: WebContext, principal: Principal, id: string): Promise<void> {
  requireOther(principal, id);
  await withDatabase(context, async () => {
    const { count } = await context.store.prisma.person.deleteMany({ where: { id: personId(id) } });
    if (count === 0) throw noSuchPerson(id);
  });
  endPerson(context, id);
}

/** Ends every session of somebody. */
export async function signOutPerson(context: WebContext, id: string): Promise<void> {
  await findPerson(context, id);
  await withDatabase(context, () => context.store.prisma.personSession.deleteMany({ where: { userId: id } }));
  endPerson(context, id);
}

/** A link by which somebody sets name and password; one that was made before stops working. */
export async function createSignInLink(context: WebContext, id: string): Promise<Invitation> {
  const { status } = await findPerson(context, id);
  if (status === "disabled") {
    throw fail("invalid-request", "The account is disabled", "nobody can sign in to it", {
      remedy: "Enable it first.",
    });
  }
  const code = randomBytes(32).toString("base64url");
  const expiresAt = new Date(Date.now() + linkDays * 24 * 60 * 60 * 1000);
  const link = { codeHash: hashCode(code), expiresAt, createdAt: new Date() };
  await withDatabase(context, () =>
    context.store.prisma.personInvitation.upsert({
      where: { personId: id },
      create: { personId: id, ...link },
      update: link,
    }),
  );
  return { person: await findPerson(context, id), path: `/join?code=${code}`, expiresAt: expiresAt.toISOString() };
}

/** The code has 256 random bits, so no slow hash is needed. */
export function hashCode(code: string): string {
  return createHash("sha256").update(code).digest("hex");
}

/** Whatever rests on somebody's sessions is over. */
function endPerson({ people, openStreams }: WebContext, id: string): void {
  people.sessions.forget({ personId: id });
  openStreams.revoke({ principal: id });
}

function personId(id: string): string {
  if (z.uuid().safeParse(id).success) return id;
  throw noSuchPerson(id);
}

function requireOther({ id: own }: Principal, id: string): void {
  if (own !== id) return;
  throw fail("own-account", "That is your own account", "nobody changes the role of, disables or deletes himself", {
    remedy: "Let another administrator do it; the operator of this machine is one, too.",
  });
}

function noSuchPerson(id: string) {
  return fail("person-not-found", "There is no such person", `nobody has the id ${JSON.stringify(id.slice(0, 100))}`, {
    remedy: "`./minirun users list` shows everybody.",
  });
}

function emailTaken(email: string) {
  return fail("email-taken", "The e-mail address is taken", `${email} is somebody's who was invited already`, {
    remedy: "Make a new link for them instead.",
  });
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "P2002";
}
