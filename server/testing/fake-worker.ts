import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { pino } from "pino";
import { readConfig } from "../../lib/config.ts";
import type { WebContext } from "../context.ts";
import { closeWebContext, createWebContext } from "../create-context.ts";
import { parseSecrets } from "../secrets.ts";

export const testToken = "token-of-a-test";

interface Answers {
  /** Answers a call; by default everything is unknown. */
  call?(request: IncomingMessage, body: unknown, response: ServerResponse): void;
  upgrade?(request: IncomingMessage, socket: Duplex): void;
  /** Takes an event stream, which has said hello. */
  events?(stream: ServerResponse): void;
  /** A database to use; none by default. */
  databaseUrl?: string;
  /** Further settings, by the names of their variables. */
  settings?: Record<string, string>;
  clientSecrets?: Record<string, string>;
}

/** The web process's context beside a worker.sock that answers as a test says. */
export interface TestWeb {
  context: WebContext;
  close(): Promise<void>;
}

export async function startTestWeb(answers: Answers = {}): Promise<TestWeb> {
  const run = await mkdtemp(join(tmpdir(), "minirun-test-web-"));
  const worker = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    if (request.url === "/events") {
      response.write('{"type":"hello"}\n');
      answers.events?.(response);
    } else if (answers.call) answers.call(request, text === "" ? null : JSON.parse(text), response);
    else response.writeHead(404).end();
  });
  worker.on("upgrade", (request, socket) => {
    // Node's HTTP server leaves its half of a connection open when the other half ends.
    socket.once("end", () => socket.end());
    socket.on("error", () => {});
    answers.upgrade?.(request, socket);
    socket.resume();
  });
  await new Promise<void>((resolve) => worker.listen(join(run, "worker.sock"), resolve));
  const stop = new AbortController();
  const secrets = parseSecrets(
    JSON.stringify({
      tokenHash: createHash("sha256").update(testToken).digest("hex"),
      sessionSecret: "ab".repeat(32),
      version: "0.0.0-test",
      databaseMode: "embedded",
      databaseUrl: answers.databaseUrl,
      clientSecrets: answers.clientSecrets,
    }),
  );
  const config = readConfig({
    NODE_ENV: "test",
    MINIRUN_RUN: run,
    MINIRUN_HOME: run,
    MINIRUN_PORT: "18081",
    MINIRUN_NODE: "test",
    ...answers.settings,
  });
  const context = createWebContext(config, secrets, pino({ level: "silent" }), stop.signal);
  return {
    context,
    async close() {
      stop.abort();
      await closeWebContext(context);
      worker.closeAllConnections();
      await new Promise((resolve) => worker.close(resolve));
      await rm(run, { recursive: true });
    },
  };
}

/** Answers a call of worker.sock with JSON. */
export function answerJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
