import * as z from "zod";
import { Role } from "./principal.ts";

/** How every API token begins, so that scanners for leaked secrets know it. */
export const tokenPrefix = "mrt_";

/** Asks for an API token. Its role is at most its maker's; it ends with its maker's right to it, and when it expires. */
export const CreateToken = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(64)
      .regex(/^[^\p{C}]*$/u, "must have no control characters")
      .describe("what it is for"),
    role: Role.default("viewer"),
    expiresAt: z.iso
      .datetime()
      .refine((moment) => Date.parse(moment) > Date.now(), "must lie in the future")
      .nullable()
      .default(null)
      .describe("null: it does not expire"),
  })
  .meta({ id: "CreateToken" });
export type CreateToken = z.infer<typeof CreateToken>;

/** An API token as lists show it; the token itself is shown to nobody again. */
export const TokenInfo = z
  .object({
    id: z.uuid(),
    name: z.string(),
    role: Role,
    createdBy: z.string().describe("id of the principal who made it"),
    createdByName: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable().describe("to the minute"),
    state: z.enum(["active", "expired", "suspended"]).describe("suspended: its maker's own right is gone"),
  })
  .meta({ id: "TokenInfo" });
export type TokenInfo = z.infer<typeof TokenInfo>;

/** A token that was just made: `token` is told this once. */
export const NewToken = TokenInfo.extend({ token: z.string() }).meta({ id: "NewToken" });
export type NewToken = z.infer<typeof NewToken>;
