import type { AuditEntry, AuditList, ExportAudit, ListAudit } from "../../lib/contract/audit.ts";
import { fail } from "../../lib/contract/problem.ts";
import { csvCells } from "../../lib/csv.ts";
import { listAudit as fromStore, readAudit } from "../../lib/store/audit.ts";
import type { WebContext } from "../context.ts";
import { throughDatabaseAlone } from "./through-database.ts";

/** One page of the audit, newest first. Throws database-unavailable: what waits in the outbox is written there first. */
export function listAudit(context: WebContext, query: ListAudit): Promise<AuditList> {
  return throughDatabaseAlone(context, () => fromStore(context.store, query), auditAway);
}

const auditAway = () =>
  fail("database-unavailable", "The database is away", "the audit stands there, and it does not answer", {
    remedy: "It is started again by itself where it came along; /health tells since when it is away.",
  });

const columns: readonly [name: string, value: (entry: AuditEntry) => string | null][] = [
  ["at", ({ at }) => at],
  ["node", ({ node }) => node],
  ["principal", ({ principal }) => principal],
  ["name", ({ name }) => name],
  ["credential_kind", ({ credential }) => credential?.kind ?? null],
  ["credential_id", ({ credential }) => credential?.id ?? null],
  ["action", ({ action }) => action],
  ["target", ({ target }) => target],
  ["container_id", ({ containerId }) => containerId],
  ["remote", ({ remote }) => remote],
  ["result", ({ result }) => result],
  ["code", ({ code }) => code],
  ["detail", ({ detail }) => detail],
  ["request_id", ({ requestId }) => requestId],
  ["id", ({ id }) => id],
];

/** The audit as a file, read from the database as it is sent. Throws database-unavailable before the first byte. */
export async function exportAudit(context: WebContext, { format, ...filter }: ExportAudit): Promise<Response> {
  const pages = readAudit(context.store, filter);
  const first = await throughDatabaseAlone(context, () => pages.next(), auditAway);
  const name = `minirun-audit-${new Date().toISOString().slice(0, 10)}.${format}`;
  return new Response(streamOf(lines(format, first, pages)), {
    headers: {
      "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson",
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}

type Page = IteratorResult<AuditEntry[], unknown>;

async function* lines(format: ExportAudit["format"], first: Page, pages: AsyncGenerator<AuditEntry[]>) {
  if (format === "csv") yield csvCells(columns.map(([name]) => name));
  for (let page = first; !page.done; page = await pages.next()) {
    yield page.value.map((entry) => lineOf(format, entry)).join("");
  }
}

function lineOf(format: ExportAudit["format"], entry: AuditEntry): string {
  return format === "csv" ? csvCells(columns.map(([, value]) => value(entry))) : `${JSON.stringify(entry)}\n`;
}

/** A page is read when the one before has gone out. */
function streamOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        const { value, done } = await texts.next();
        if (done) controller.close();
        else controller.enqueue(new TextEncoder().encode(value));
      },
      async cancel() {
        await texts.return(undefined);
      },
    },
    { highWaterMark: 1 },
  );
}
