import * as z from "zod";

/** What was shown to get in: kinds as a principal's credential has them, or what a sign-in was tried with. */
const Shown = z.object({ kind: z.string().max(40), id: z.string().max(200) });

/** Where a request for an operation came from; the server's word, carried along so that it is written with the result. */
export const Origin = z.object({
  requestId: z.uuid(),
  /** The client's address. */
  remote: z.string().max(64),
  name: z.string().max(200),
  credential: Shown.nullable(),
});
export type Origin = z.infer<typeof Origin>;

/** `refused` was not begun: by permission, by rule, or because it does not fit; `failed` was. */
export const AuditResult = z.enum(["succeeded", "failed", "refused"]).meta({ id: "AuditResult" });
export type AuditResult = z.infer<typeof AuditResult>;

const text = (length: number) => z.string().max(length);

/** Who did what, from where, and what became of it. */
export const AuditEntry = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    node: text(100),
    principal: text(200).nullable().describe("null for someone who showed nothing that holds"),
    name: text(200).nullable().describe("the principal's, at that time"),
    credential: Shown.nullable(),
    action: text(200).describe("a verb such as start, or a call such as POST /containers/{name}/sessions"),
    target: text(400).nullable().describe("what it was done to: a container's name, an id"),
    containerId: z.uuid().nullable(),
    remote: text(64).nullable().describe("the client's address; null for the node itself and its root"),
    result: AuditResult,
    code: text(60).nullable().describe("of the problem"),
    detail: text(1000).nullable(),
    requestId: z.uuid().nullable(),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof AuditEntry>;

/** An entry that the web process hands to its worker, which adds when and where. */
export const NewAuditEntry = AuditEntry.omit({ at: true, node: true });
export type NewAuditEntry = z.infer<typeof NewAuditEntry>;

const filters = {
  who: text(200).optional().describe("id or name of a principal"),
  what: text(200).optional().describe("an action, or how it begins"),
  result: AuditResult.optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional().describe("entries before this moment"),
  text: text(200).optional().describe("anywhere in principal, action, target, address, code and detail"),
};

/** Query of a list, newest first; `cursor` is `next` of the page before. */
export const ListAudit = z.object({
  ...filters,
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, "must be the `next` of a page")
    .optional(),
});
export type ListAudit = z.infer<typeof ListAudit>;

export const AuditFilter = z.object(filters);
export type AuditFilter = z.infer<typeof AuditFilter>;

export const ExportAudit = z.object({ ...filters, format: z.enum(["csv", "jsonl"]).default("jsonl") });
export type ExportAudit = z.infer<typeof ExportAudit>;

export const AuditList = z
  .object({ items: z.array(AuditEntry), next: z.string().nullable() })
  .meta({ id: "AuditList" });
export type AuditList = z.infer<typeof AuditList>;
