import { pino } from "pino";
import { paths, readConfig } from "../lib/config.ts";
import { runDatabase } from "./database/database.ts";
import { refuseSecondWorker } from "./http/refuse-second.ts";
import { workerRoutes } from "./http/routes.ts";
import { listen } from "./http/server.ts";
import { findSystemUser } from "./http/system-user.ts";
import { readInstallation } from "./installation.ts";
import { openLinks } from "./links.ts";
import { openContext } from "./open-context.ts";
import { forgetDeleted, reconcile, resume } from "./reconcile/reconcile.ts";
import { serveStream } from "./sessions/attach.ts";
import { openSessions } from "./sessions/open-sessions.ts";
import { createMonitor } from "./stats/monitor.ts";

const forcedExitMs = 10_000;
const sweepMs = 60 * 60 * 1000;

const config = readConfig();
const log = pino({ level: config.logLevel, base: { name: "worker" } });
const all = paths(config);
const installation = readInstallation();
const stop = new AbortController();
const startedAt = new Date().toISOString();

// Folders that containers see, as their root, are for all their users.
process.umask(0o022);
await refuseSecondWorker(all.workerSocket);
const context = await openContext(config, installation, log);

const unfinished = await reconcile(context);
await context.labs.clear();
const terminals = await openSessions(context);

const database = runDatabase(context, stop.signal);
const monitor = createMonitor(context, stop.signal);
const services = {
  terminals,
  links: openLinks(all.links, context.addon),
  database,
  monitor,
  startedAt,
  stopping: stop.signal,
};
const server = await listen({
  socketPath: all.workerSocket,
  addon: context.addon,
  web: findSystemUser(config.webUser),
  routes: workerRoutes(context, services),
  log,
  upgrade(request, socket) {
    const sessionId = /^\/sessions\/([^/?]+)\/stream$/.exec(request.url ?? "")?.[1] ?? "";
    const principal = request.headers["x-minirun-principal"];
    serveStream(context, terminals, { sessionId, principal: principal ? String(principal) : null }, socket);
  },
});
log.info({ version: installation.version, containers: context.records.live().length }, "ready");
resume(context, unfinished);
// Made before somebody's first container waits for it; what goes wrong is told to whoever needs it.
context.images.resolve("host").catch(() => {});
setInterval(() => {
  void terminals.sweep();
  forgetDeleted(context).catch((error) => log.warn({ err: error }, "old records not removed"));
}, sweepMs).unref();

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void shutDown(signal));

/** Finishes what is being carried out and leaves; containers go on. */
async function shutDown(signal: string): Promise<void> {
  log.info({ signal }, "stopping");
  setTimeout(() => process.exit(1), forcedExitMs).unref();
  stop.abort();
  server.close();
  await Promise.all([context.lanes.idle(), context.labs.endAll()]);
  await database.closed;
  // Removed only when it is empty: containers that run keep theirs, and it with them.
  context.addon.cgroupRemoveRoot(`/${config.cgroup}`);
  log.info("stopped");
  process.exit(0);
}
