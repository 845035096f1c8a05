import { createServer } from "node:http";
import next from "next";
import { pino } from "pino";
import { readConfig } from "../lib/config.ts";
import { closeWebContext, createWebContext } from "./create-context.ts";
import { createRequestHandler } from "./handle-request.ts";
import { allowedHosts } from "./origins.ts";
import { readSecrets } from "./secrets.ts";
import { createUpgradeHandler, type UpgradeHandler } from "./stream/upgrade.ts";

const secretsDescriptor = 3;
const forcedExitMs = 5_000;

const config = readConfig();
const log = pino({ name: "web", level: config.logLevel, base: { name: "web" } });
const development = process.env.NODE_ENV === "development";
const stop = new AbortController();
const context = createWebContext(config, readSecrets(secretsDescriptor), log, stop.signal);
const hosts = allowedHosts(config.host, config.port);

const server = createServer({
  // A merged log names many containers in its address.
  maxHeaderSize: 32 * 1024,
  headersTimeout: 10_000,
  // An upload may take long: body-deadline.ts watches over bodies.
  requestTimeout: 0,
  keepAliveTimeout: 20_000,
  connectionsCheckingInterval: 5_000,
});
// Next listens for upgrades on the server that it is given, all of them: it gets one of its own, which never listens
// and hears only what is passed on. (app.getUpgradeHandler() leads to a handler that does nothing.)
const nextServer = createServer();
const app = next({ dev: development, hostname: config.host, port: config.port, httpServer: nextServer });
await app.prepare();

const otherUpgrade: UpgradeHandler = (request, socket, head) => {
  if (development) nextServer.emit("upgrade", request, socket, head);
  else socket.destroy();
};
server.on("request", createRequestHandler(context, { hosts, development, next: app.getRequestHandler() }));
server.on("upgrade", createUpgradeHandler(context, hosts, otherUpgrade));
server.on("error", (error) => {
  log.fatal({ err: error }, `cannot listen on ${config.host}:${config.port}`);
  process.exit(1);
});
server.listen(config.port, config.host, () => {
  log.info({ host: config.host, port: config.port, version: context.secrets.version }, "ready");
});

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void shutDown(signal));

/** Lets requests end, closes streams, and leaves; at the latest after five seconds. */
async function shutDown(signal: string): Promise<void> {
  log.info({ signal }, "stopping");
  setTimeout(() => process.exit(1), forcedExitMs).unref();
  stop.abort();
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await closed;
  await Promise.allSettled([app.close(), closeWebContext(context)]);
  log.info("stopped");
  process.exit(0);
}
