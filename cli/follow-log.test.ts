import type { RequestListener } from "node:http";
import { afterEach, expect, it } from "vitest";
import { createClient } from "../lib/client/api.ts";
import { type AnsweringServer, answerInTurn, json } from "../lib/client/testing/answer-in-turn.ts";
import type { LogRecord } from "../lib/contract/log.ts";
import { problem } from "../lib/contract/problem.ts";
import { followLog, followMergedLog } from "./follow-log.ts";

let server: AnsweringServer;
afterEach(() => server.close());

async function clientOf(...answers: RequestListener[]) {
  server = await answerInTurn(...answers);
  return createClient({ baseUrl: server.url, token: "t" });
}

const time = "2026-01-01T00:00:05.000000000Z";
const line = (text: string, offset: number, more: object = {}) => ({
  ...{ offset, next: offset + text.length, time, stream: "stdout", text },
  ...more,
});
const event = (id: string | number, data: unknown) => `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
const end = "event: end\ndata: null\n\n";

/** An event stream of these events; without its `end` the connection breaks behind them. */
const stream =
  (...events: string[]): RequestListener =>
  (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const finish = () => (events.includes(end) ? response.end() : response.destroy());
    response.write(`retry: 1000\n\n${events.join("")}`, () => setTimeout(finish, 20));
  };

async function textsOf(records: AsyncGenerator<LogRecord>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of records) texts.push(text);
  return texts;
}

it("goes on behind the last line when the connection breaks, until the container has ended", async () => {
  const away = json(503, problem("worker-unavailable", "The worker does not answer", "it is restarted"));
  const client = await clientOf(stream(event(4, line("one\n", 0))), away, stream(event(8, line("two\n", 4)), end));
  expect(await textsOf(followLog(client, "web", { tail: 5 }))).toEqual(["one\n", "two\n"]);
  expect(server.requests.map(({ headers }) => headers["last-event-id"])).toEqual([undefined, "4", "4"]);
});

it("goes on, too, when the server ends the stream and not the container", async () => {
  const silent: RequestListener = (_, response) => response.end("retry: 1000\n\n");
  const client = await clientOf(silent, stream(event(4, line("one\n", 0)), end));
  expect(await textsOf(followLog(client, "web", {}))).toEqual(["one\n"]);
});

it("misses nothing that came before its first line, when it was to begin with the last ones", async () => {
  const silent: RequestListener = (_, response) => response.end("retry: 1000\n\n");
  const client = await clientOf(silent, silent, stream(event(4, line("one\n", 0)), end));
  expect(await textsOf(followLog(client, "web", { tail: 0 }))).toEqual(["one\n"]);
  const since = (at: number) => new URL(server.requests[at]?.url ?? "", server.url).searchParams.get("since") ?? "";
  expect(Math.abs(Date.parse(since(1)) - Date.now())).toBeLessThan(10_000);
  expect(since(2)).toBe(since(1));
});

it("goes on with several containers by time, and has no line twice", async () => {
  const [web, db] = [{ container: "web" }, { container: "db" }];
  const late = line("late\n", 0, { ...db, time: "2026-01-01T00:00:04.900000000Z" });
  const client = await clientOf(
    stream(event(time, line("one\n", 0, web))),
    stream(event(late.time, late), event(time, line("one\n", 0, web)), event(time, line("two\n", 4, web)), end),
  );
  expect(await textsOf(followMergedLog(client, { containers: ["web", "db"] }))).toEqual(["one\n", "late\n", "two\n"]);
  expect(server.requests[1]?.headers["last-event-id"]).toBe("2026-01-01T00:00:04.000Z");
});

it("throws what stands against it", async () => {
  const gone = problem("container-not-found", "No such container", "web is gone");
  const slow = problem("invalid-request", "The search takes too long", "a");
  const client = await clientOf(
    stream(event(4, line("one\n", 0))),
    json(404, gone),
    stream(`event: problem\ndata: ${JSON.stringify(slow)}\n\n`),
  );
  await expect(textsOf(followLog(client, "web", {}))).rejects.toMatchObject({ problem: { code: gone.code } });
  await expect(textsOf(followLog(client, "web", {}))).rejects.toMatchObject({ problem: { code: slow.code } });
});
