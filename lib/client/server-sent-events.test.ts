import { expect, it } from "vitest";
import { readServerSentEvents } from "./server-sent-events.ts";

it("reads messages across pieces, and ends the response when its reader has enough", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of [": hello\n\nid: 7\nevent: st", "ats\r\ndata: {\r\ndata: }\r\n\r\n", "data: more\n\n"]) {
        controller.enqueue(new TextEncoder().encode(piece));
      }
    },
    cancel() {
      cancelled = true;
    },
  });
  const messages = [];
  for await (const message of readServerSentEvents(body)) {
    messages.push(message);
    if (messages.length === 2) break;
  }
  expect(messages).toEqual([
    { event: "stats", id: "7", data: "{\n}" },
    { event: "message", id: null, data: "more" },
  ]);
  expect(cancelled).toBe(true);
});
