import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LogQuery, LogRecord } from "@/lib/contract/log.ts";
import { stubPage, type TestPage } from "../live/testing/page.ts";
import { createLogFeed, type LogFeed, noFilter, type OpenLog } from "./log-feed.ts";

let page: TestPage;
let feed: LogFeed;
let log: LogRecord[];
let asked: Partial<LogQuery>[];
let open: Set<(record: LogRecord | "end") => void>;

/** A log that answers as the API does: what fits the query, and then what is written, until the client leaves. */
const openLog: OpenLog = async (query, signal) => {
  asked.push(query);
  const encode = (record: LogRecord | "end") =>
    new TextEncoder().encode(record === "end" ? "event: end\ndata: {}\n\n" : `data: ${JSON.stringify(record)}\n\n`);
  let leave = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const fits = ({ offset, time }: LogRecord) => offset >= (query.after ?? 0) && time >= (query.since ?? "");
      for (const record of log.filter(fits)) controller.enqueue(encode(record));
      const send = (record: LogRecord | "end") => controller.enqueue(encode(record));
      open.add(send);
      leave = () => open.delete(send);
      signal.addEventListener("abort", () => {
        leave();
        controller.error(signal.reason);
      });
    },
    cancel: () => leave(),
  });
  return new Response(body);
};

function write(text: string, more: Partial<LogRecord> = {}): void {
  const { length } = log.filter(({ container }) => container === more.container);
  const time = new Date(Date.UTC(2026, 0, 1) + Date.now()).toISOString();
  const record: LogRecord = { offset: length * 10, next: length * 10 + 10, time, stream: "stdout", text, ...more };
  log.push(record);
  for (const send of open) send(record);
}
const shown = () => feed.state().window.chunks.flatMap(({ lines }) => lines.map(({ text }) => text));
const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

async function look(seen: boolean): Promise<void> {
  page.show(seen);
  await wait(6_000);
}

beforeEach(() => {
  page = stubPage();
  [log, asked, open] = [[], [], new Set()];
  return page.restore;
});
afterEach(() => {
  feed.close();
});

it("holds no connection while nobody looks, and goes on without a gap or a line twice", async () => {
  write("one\n");
  // What one stream says goes on where the other has come in between.
  write("half");
  write("error\n", { stream: "stderr" });
  feed = createLogFeed({ open: openLog, filter: noFilter, pages: true });
  await wait(300);
  write(" whole\n");
  await wait(300);
  await look(false);
  expect(open.size).toBe(0);
  write("two\n");
  expect(shown()).toEqual(["one", "half whole", "error"]);
  await look(true);
  write("three\n");
  await wait(300);
  expect(shown()).toEqual(["one", "half whole", "error", "two", "three"]);
  expect(asked).toEqual([
    { tail: 500, follow: true },
    { after: 40, follow: true },
  ]);
  expect(feed.state().status).toBe("live");
});

it("counts for a reader what came meanwhile, each line once", async () => {
  write("one\n");
  feed = createLogFeed({ open: openLog, filter: noFilter, pages: true });
  await wait(300);
  feed.read();
  write("two\n");
  await wait(300);
  await look(false);
  write("three\n");
  await look(true);
  expect([shown(), feed.state().unseen]).toEqual([["one"], 2]);
});

it("goes on with another run, and leaves a reader where they are", async () => {
  write("one\n");
  feed = createLogFeed({ open: openLog, filter: noFilter, pages: true });
  await wait(300);
  feed.read();
  for (const send of open) send("end");
  await wait(300);
  expect(feed.state().status).toBe("ended");
  write("two\n");
  feed.goOn();
  await wait(300);
  const { status, following, unseen } = feed.state();
  expect([shown(), status, following, unseen]).toEqual([["one"], "live", false, 1]);
  expect(asked.at(-1)).toEqual({ after: 10, follow: true });
  feed.close();
  feed.goOn();
  expect(asked).toHaveLength(2);
});

it("goes on in a merged log at a time, and leaves out what had come by then", async () => {
  feed = createLogFeed({ open: openLog, filter: noFilter, pages: false });
  write("a1\n", { container: "a" });
  write("b1\n", { container: "b" });
  await wait(300);
  await look(false);
  // Written at the same moment as what came last, in a log whose line had not come yet.
  write("b2\n", { container: "b", time: log[1]?.time ?? "" });
  write("a2\n", { container: "a" });
  await look(true);
  expect(shown()).toEqual(["a1", "b1", "b2", "a2"]);
});
