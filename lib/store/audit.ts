import type pg from "pg";
import { type AuditEntry, type AuditFilter, type AuditList, AuditResult, type ListAudit } from "../contract/audit.ts";
import type { AuditEntry as AuditRow, Prisma } from "./generated/client.ts";
import type { Store } from "./store.ts";

/** How many entries an export reads at once. */
const exportPage = 500;
/** Entries of a retention's sweep are deleted so many at once, so that none holds others up. */
const deletedAtOnce = 5_000;

/** An entry as minirun_audit takes it: a row with its columns' names. */
export function auditRow(entry: AuditEntry) {
  const { id, at, node, principal, name, credential, action, target, containerId, remote, result } = entry;
  return {
    ...{ id, at, principal, name, action, target, remote, result, code: entry.code, detail: entry.detail },
    node_id: node,
    credential_kind: credential?.kind ?? null,
    credential_id: credential?.id ?? null,
    container_id: containerId,
    request_id: entry.requestId,
  };
}

/** Adds an entry by itself, or in the transaction of what it tells of. The same id again changes nothing. */
export async function addAudit(client: pg.Pool | pg.ClientBase, entry: AuditEntry): Promise<void> {
  await client.query("SELECT minirun_audit($1)", [JSON.stringify(auditRow(entry))]);
}

/** One page of the audit, newest first. */
export async function listAudit({ prisma }: Pick<Store, "prisma">, query: ListAudit): Promise<AuditList> {
  const { limit, cursor } = query;
  const rows = await readPage(prisma, query, cursor === undefined ? null : BigInt(cursor), limit + 1);
  const page = rows.slice(0, limit);
  return { items: page.map(toEntry), next: rows.length > limit ? String(page.at(-1)?.sequence) : null };
}

/** All entries that match, newest first, a page at a time. */
export async function* readAudit({ prisma }: Pick<Store, "prisma">, filter: AuditFilter): AsyncGenerator<AuditEntry[]> {
  for (let before: bigint | null = null; ; ) {
    const rows: AuditRow[] = await readPage(prisma, filter, before, exportPage);
    if (rows.length > 0) yield rows.map(toEntry);
    if (rows.length < exportPage) return;
    before = rows.at(-1)?.sequence ?? null;
  }
}

function readPage(prisma: Store["prisma"], filter: AuditFilter, before: bigint | null, take: number) {
  const conditions = [...conditionsOf(filter), ...(before === null ? [] : [{ sequence: { lt: before } }])];
  return prisma.auditEntry.findMany({ where: { AND: conditions }, orderBy: { sequence: "desc" }, take });
}

const searched = ["principal", "name", "action", "target", "remote", "code", "detail", "credentialId"] as const;

function conditionsOf({ who, what, result, from, to, text }: AuditFilter): Prisma.AuditEntryWhereInput[] {
  const contains = (words: string) => ({ contains: escapeLike(words), mode: "insensitive" as const });
  return [
    ...(who ? [{ OR: [{ principal: who }, { name: { equals: escapeLike(who), mode: "insensitive" as const } }] }] : []),
    ...(what ? [{ action: { startsWith: escapeLike(what), mode: "insensitive" as const } }] : []),
    ...(result ? [{ result }] : []),
    ...(from ? [{ at: { gte: new Date(from) } }] : []),
    ...(to ? [{ at: { lt: new Date(to) } }] : []),
    ...(text ? [{ OR: searched.map((column) => ({ [column]: contains(text) })) }] : []),
  ];
}

/** Prisma passes what it is given to ILIKE, where these have a meaning. */
function escapeLike(words: string): string {
  return words.replace(/[\\%_]/g, "\\$&");
}

function toEntry(row: AuditRow): AuditEntry {
  const { sequence: _, nodeId: node, at, credentialKind, credentialId, result, ...rest } = row;
  const credential = credentialKind === null ? null : { kind: credentialKind, id: credentialId ?? "" };
  return { ...rest, node, credential, at: at.toISOString(), result: AuditResult.parse(result) };
}

/** Deletes what is older than so many days; answers how many entries went. */
export async function forgetAudit(pool: pg.Pool, days: number): Promise<number> {
  for (let total = 0; ; ) {
    const { rowCount } = await pool.query(
      `DELETE FROM audit WHERE sequence IN
         (SELECT sequence FROM audit WHERE at < now() - $1 * interval '1 day' ORDER BY at LIMIT ${deletedAtOnce})`,
      [days],
    );
    total += rowCount ?? 0;
    if ((rowCount ?? 0) < deletedAtOnce) return total;
  }
}
