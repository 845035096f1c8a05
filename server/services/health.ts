import { callWorker } from "../../lib/client/worker.ts";
import { type Health, WorkerHealth } from "../../lib/contract/health.ts";
import type { WebContext } from "../context.ts";
import { throughDatabase } from "./through-database.ts";

/** What the worker says of itself and of this machine. Throws worker-unavailable. */
export async function readWorkerHealth({ workerSocket }: WebContext): Promise<WorkerHealth> {
  return WorkerHealth.parse(await callWorker(workerSocket, "GET", "/health", undefined, { timeoutMs: 1_500 }));
}

/** How MiniRun is, as found out now: `degraded` when database or worker is away. */
export async function readHealth(context: WebContext): Promise<Health> {
  const [databaseAnswers, worker] = await Promise.all([
    askDatabase(context),
    readWorkerHealth(context).catch(() => null),
  ]);
  const databaseSince = databaseAnswers ? null : (context.database.since ?? new Date());
  const workerSince = worker ? null : (context.events.lostSince ?? new Date());
  const reasons = [
    ...(databaseSince ? [`the database does not answer since ${databaseSince.toISOString()}`] : []),
    ...(workerSince ? [`the worker does not answer since ${workerSince.toISOString()}`] : []),
    ...(worker?.database === "unavailable"
      ? ["the worker does not reach the database: results wait in its outbox"]
      : []),
    ...tlsReasons(context),
  ];
  return {
    status: reasons.length > 0 ? "degraded" : "ok",
    version: context.secrets.version,
    database: {
      status: databaseAnswers ? "connected" : "unavailable",
      mode: context.secrets.databaseMode,
      since: databaseSince?.toISOString() ?? null,
    },
    worker: { status: worker ? "connected" : "unavailable", since: workerSince?.toISOString() ?? null },
    tls: describeTls(context),
    uptimeSeconds: Math.round((Date.now() - context.startedAt) / 1000),
    reasons,
  };
}

function describeTls({ tls: { port, certificate, refusal } }: WebContext): Health["tls"] {
  return {
    status: certificate ? "on" : "off",
    port,
    names: [...(certificate?.names ?? [])],
    expiresAt: certificate?.expiresAt.toISOString() ?? null,
    refusal: refusal && { reason: refusal.reason, since: refusal.since.toISOString() },
  };
}

function tlsReasons({ tls: { certificate, refusal } }: WebContext): string[] {
  const reasons: string[] = [];
  if (refusal) {
    const rest = certificate ? "the one before stays" : "there is no HTTPS";
    reasons.push(`the certificate is refused since ${refusal.since.toISOString()} (${refusal.reason}); ${rest}`);
  }
  if (certificate && certificate.expiresAt.getTime() < Date.now()) {
    reasons.push(`the certificate has expired at ${certificate.expiresAt.toISOString()}`);
  }
  return reasons;
}

function askDatabase(context: WebContext): Promise<boolean> {
  return throughDatabase(
    context,
    async () => {
      await context.store.pool.query("SELECT 1");
      return true;
    },
    async () => false,
  );
}
