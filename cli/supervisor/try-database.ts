import pg from "pg";

const withinMs = 3_000;

/**
 * Tries an outside database as it is set. Null when it answers; else what stands against it, in words that name the
 * setting and never the password.
 */
export async function tryDatabase(url: string): Promise<string | null> {
  const target = URL.canParse(url) ? new URL(url) : null;
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: withinMs, query_timeout: withinMs });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("SELECT 1");
    return null;
  } catch (error) {
    return explain(error, target);
  } finally {
    // Not waited for: a server that hangs does not answer this either.
    client.end().catch(() => {});
  }
}

function explain(error: unknown, target: URL | null): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const why = error instanceof Error ? error.message : String(error);
  const host = target?.searchParams.get("host") ?? target?.hostname ?? "?";
  const at = `${host}, port ${target?.port || 5432}`;
  const user = decodeURIComponent(target?.username ?? "");
  const name = decodeURIComponent(target?.pathname.slice(1) ?? "");
  if (/^28/.test(code)) return `${at} refuses the user ${user} (DB_USER, DB_PASSWORD): ${why}`;
  if (code === "3D000") return `${at} has no database ${name} (DB_NAME)`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `there is no host ${host} (DB_HOST)`;
  if (["ECONNREFUSED", "ENOENT", "EHOSTUNREACH", "ENETUNREACH"].includes(code)) {
    return `nothing answers at ${at} (DB_HOST, DB_PORT): ${code}`;
  }
  if (/timeout/i.test(why)) return `${at} (DB_HOST, DB_PORT) has not answered within ${withinMs / 1000} s`;
  return `${at}: ${why}`;
}
