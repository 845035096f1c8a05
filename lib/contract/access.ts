import * as z from "zod";
import { operator, type Principal, Role } from "./principal.ts";
import { roles } from "./role.ts";
import type { TokenInfo } from "./token.ts";

/** An API token as it is kept: the SHA-256 of it (hexadecimal), never itself. */
export const StoredToken = z.object({
  id: z.uuid(),
  name: z.string(),
  role: Role,
  hash: z.string().regex(/^[\da-f]{64}$/),
  /** Id of the principal who made it. */
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export type StoredToken = z.infer<typeof StoredToken>;

/** Somebody who signs in, as far as permission goes. */
export const KnownPerson = z.object({ id: z.string(), name: z.string(), role: Role, disabled: z.boolean() });
export type KnownPerson = z.infer<typeof KnownPerson>;

/** A cookie that was signed out, by its credential's id; it is forgotten when it would have expired. */
export const EndedCookie = z.object({ id: z.string().max(100), expiresAt: z.iso.datetime() });
export type EndedCookie = z.infer<typeof EndedCookie>;

/** All who may ask on a node beside its operator; `version` rises with every change. */
export const Access = z.object({
  version: z.number(),
  people: z.array(KnownPerson),
  tokens: z.array(StoredToken),
  /** Cookies of the operator that were signed out before they expired. */
  ended: z.array(EndedCookie).default([]),
});
export type Access = z.infer<typeof Access>;

const tokenId = /^token:([\da-f-]{36})$/;

/** The id of the principal that an API token is. */
export const principalIdOf = ({ id }: { id: string }) => `token:${id}`;

/**
 * Who a principal's id stands for at this moment, or null when nobody: unknown, disabled, revoked, expired. A token is a
 * principal of its own; it is no more than its maker is, and nothing once that one is nobody.
 */
export function findPrincipal(access: Pick<Access, "people" | "tokens">, id: string, now: number): Principal | null {
  if (id === operator.id) return operator;
  const own = tokenId.exec(id)?.[1];
  if (own !== undefined) {
    const token = access.tokens.find((one) => one.id === own);
    return token ? principalOfToken(access, token, now) : null;
  }
  const person = access.people.find((one) => one.id === id);
  if (!person || person.disabled) return null;
  const { name, role } = person;
  return { id, name, role, credential: { kind: "session", id, expiresAt: null } };
}

/** The principal that a token is at this moment; null when it is none any more. */
export function principalOfToken(
  access: Pick<Access, "people" | "tokens">,
  { id, name, role, createdBy, expiresAt, revokedAt }: StoredToken,
  now: number,
): Principal | null {
  if (revokedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= now)) return null;
  const maker = findPrincipal(access, createdBy, now);
  if (!maker) return null;
  const credential = { kind: "token", id, expiresAt } as const;
  return { id: principalIdOf({ id }), name, role: lesser(role, maker.role), credential };
}

/** A token as lists show it, with the role that it has now. */
export function describeToken(access: Pick<Access, "people" | "tokens">, token: StoredToken, now: number): TokenInfo {
  const { id, name, role, createdBy, createdAt, expiresAt, lastUsedAt } = token;
  const principal = principalOfToken(access, token, now);
  const isExpired = expiresAt !== null && Date.parse(expiresAt) <= now;
  return {
    ...{ id, name, role: principal?.role ?? role, createdBy, createdByName: nameOf(access, createdBy) },
    ...{ createdAt, expiresAt, lastUsedAt },
    state: principal ? "active" : isExpired ? "expired" : "suspended",
  };
}

function nameOf({ people, tokens }: Pick<Access, "people" | "tokens">, id: string): string {
  if (id === operator.id) return operator.name;
  const named = [...people, ...tokens.map((token) => ({ ...token, id: principalIdOf(token) }))];
  return named.find((one) => one.id === id)?.name ?? id;
}

function lesser(one: Role, other: Role): Role {
  return roles[Math.min(roles.indexOf(one), roles.indexOf(other))] ?? "viewer";
}
