import { createServer } from "node:http";
import next from "next";
import { pino } from "pino";
import { readConfig } from "../lib/config.ts";
import { closeWebContext, createWebContext } from "./create-context.ts";
import { createRequestHandler } from "./handle-request.ts";
import { receiveHandover } from "./handover.ts";
import { createListeners } from "./listeners.ts";
import { createUpgradeHandler, type UpgradeHandler } from "./stream/upgrade.ts";

const forcedExitMs = 5_000;

const config = readConfig();
const log = pino({ name: "web", level: config.logLevel, base: { name: "web" } });
const development = process.env.NODE_ENV === "development";
const stop = new AbortController();
const { secrets, tls } = await receiveHandover(config, () => void shutDown("the supervisor has ended"));
const context = createWebContext(config, secrets, log, stop.signal);

// Next listens for upgrades on the server that it is given, all of them: it gets one of its own, which never listens
// and hears only what is passed on. (app.getUpgradeHandler() leads to a handler that does nothing.)
const nextServer = createServer();
const app = next({ dev: development, hostname: config.host, port: config.port, httpServer: nextServer });
await app.prepare();

const otherUpgrade: UpgradeHandler = (request, socket, head) => {
  if (development) nextServer.emit("upgrade", request, socket, head);
  else socket.destroy();
};
const handlers = {
  request: createRequestHandler(context, { development, next: app.getRequestHandler() }),
  upgrade: createUpgradeHandler(context, otherUpgrade),
};
const listeners = createListeners(config, context.tls, handlers, log);
if (tls) listeners.follow(tls);
await listeners.listen().catch((error) => {
  log.fatal({ err: error }, `cannot listen on ${config.host}:${config.port}`);
  process.exit(1);
});
log.info({ host: config.host, port: config.port, version: secrets.version }, "ready");

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void shutDown(signal));

/** Lets requests end, closes streams, and leaves; at the latest after five seconds. */
async function shutDown(reason: string): Promise<void> {
  log.info({ reason }, "stopping");
  setTimeout(() => process.exit(1), forcedExitMs).unref();
  stop.abort();
  await listeners.close();
  await Promise.allSettled([app.close(), closeWebContext(context)]);
  log.info("stopped");
  process.exit(0);
}
