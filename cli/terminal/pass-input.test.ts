import { PassThrough } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { decode } from "../../lib/contract/terminal.ts";
import { defaultDetachKeys, parseDetachKeys } from "./detach-keys.ts";
import { passPiped, passTyped } from "./pass-input.ts";

const keys = parseDetachKeys(defaultDetachKeys);

/** A terminal stream whose connection is broken until it is mended: what is sent before waits. */
function brokenStream() {
  let mend = () => {};
  const mended = new Promise<void>((resolve) => {
    mend = resolve;
  });
  const sent: string[] = [];
  return {
    mend,
    sent,
    async send(message: Uint8Array) {
      await mended;
      const decoded = decode(message);
      sent.push("bytes" in decoded ? Buffer.from(decoded.bytes).toString("latin1") : "end");
    },
  };
}

function typeInto(stream: ReturnType<typeof brokenStream>) {
  const stdin = new PassThrough();
  let detached = false;
  passTyped(stdin as never, stream, keys, () => {
    detached = true;
  });
  return { stdin, isDetached: () => detached };
}

it("detaches while the connection is broken", async () => {
  const { stdin, isDetached } = typeInto(brokenStream());
  stdin.write("ls\r");
  await setImmediate();
  stdin.write("\x10\x11");
  await expect.poll(isDetached).toBe(true);
});

it("keeps what is typed until the connection is back, in order", async () => {
  const stream = brokenStream();
  const { stdin } = typeInto(stream);
  stdin.write("a".repeat(40_000));
  await setImmediate();
  stdin.write("b");
  await setImmediate();
  expect(stream.sent).toEqual([]);
  stream.mend();
  await expect.poll(() => stream.sent.join("")).toBe(`${"a".repeat(40_000)}b`);
});

it("reads no more than it can keep, and all of it once it can", async () => {
  const stream = brokenStream();
  const { stdin } = typeInto(stream);
  for (let piece = 0; piece < 20; piece += 1) stdin.write("x".repeat(10_000));
  await setImmediate();
  expect(stdin.isPaused()).toBe(true);
  stream.mend();
  await expect.poll(() => stream.sent.join("").length).toBe(200_000);
});

it("reads what is piped in piece by piece, and tells its end", async () => {
  const stream = brokenStream();
  const stdin = new PassThrough();
  passPiped(stdin as never, stream);
  stdin.write("one");
  await setImmediate();
  expect(stdin.isPaused()).toBe(true);
  stream.mend();
  stdin.end("two");
  await expect.poll(() => stream.sent).toEqual(["one", "two", "end"]);
});
