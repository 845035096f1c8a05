import { appendFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { Harness, script } from "./support/harness.ts";
import { opcodes, type ShimClient } from "./support/shim-client.ts";

const harness = new Harness();
afterAll(async () => expect(await harness.close()).toEqual([]));

const window = 512 * 1024;
const ring = 1024 * 1024;

/** Bytes of output that a client has received. */
function received(client: ShimClient): number {
  return client.chunks().reduce((sum, chunk) => sum + chunk.bytes.length, 0);
}

/** Waits until a client has received nothing new for a while. */
async function settled(client: ShimClient): Promise<number> {
  for (let before = -1, now = received(client); ; before = now) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    now = received(client);
    if (now === before) return now;
  }
}

/** Every chunk begins where the one before ended, or where a gap that was told of did. Returns the gaps. */
function expectContiguous(client: ShimClient): { from: number; to: number }[] {
  const gaps: { from: number; to: number }[] = [];
  let next = 0;
  for (const { opcode, payload } of client.frames) {
    if (opcode === opcodes.gap) {
      const gap = JSON.parse(payload.toString());
      expect(gap.from).toBe(next);
      gaps.push(gap);
      next = gap.to;
    } else if (opcode === opcodes.output) {
      expect(Number(payload.readBigUInt64BE())).toBe(next);
      next += payload.length - 8;
    }
  }
  return gaps;
}

describe("a terminal", () => {
  test("has the size that the bundle says, and takes a new one", async () => {
    const container = await harness
      .container((config) => (config.process.consoleSize = { width: 101, height: 31 }))
      .start();
    const client = await container.attach();
    expect(client.json(opcodes.ready)).toEqual({ tty: true, offset: 0, end: expect.any(Number), cols: 101, rows: 31 });
    client.type("stty size\n");
    await client.untilText("31 101");
    const watcher = await container.attach({ writable: false });
    client.resize(132, 50);
    client.type("stty size\n");
    await client.untilText("50 132");
    await watcher.untilText("50 132");
    expect(watcher.json(opcodes.resized)).toEqual({ cols: 132, rows: 50 });
    expect(client.first(opcodes.resized)).toBeUndefined();
    await container.kill();
  });

  test("has the size of the client that typed last", async () => {
    const container = await harness.container().start();
    const first = await container.attach();
    const second = await container.attach();
    first.resize(90, 20);
    first.type("stty size\n");
    await first.untilText("20 90");
    second.resize(70, 10);
    first.type("stty size; echo one\n");
    await first.untilText(/20 90[\s\S]*20 90\s+one/);
    second.type("stty size; echo two\n");
    await first.untilText(/10 70\s+two/);
    await container.kill();
  });

  test("passes control characters: the foreground is interrupted, the end of input ends the shell", async () => {
    const container = await harness.container().start();
    const client = await container.attach();
    client.type("sh -c 'echo up-$((1 + 1)); exec sleep 1000'\n");
    await client.untilText("up-2");
    client.type("\x03");
    client.type("echo status-$?\n");
    await client.untilText(/status-130\r\n.*\$ $/); // the prompt: bash reads the terminal raw from here on
    client.send(opcodes.endOfInput);
    expect(await client.untilExit()).toMatchObject({ reason: "exited" });
    await container.gone();
  });

  test("goes on when a program that had it open alone has closed it", async () => {
    const container = harness.container((config) => {
      config.process.args = ["bash", "-c", "exec 0<&- 1>&- 2>&-; sleep 0.3; echo late > /dev/console; sleep 0.2"];
    });
    await container.start();
    const client = await container.attach();
    await client.untilText("late");
    await client.untilExit();
    await container.gone();
  });
});

describe("three pipes", () => {
  test("stderr comes apart, and the end of input is passed on", async () => {
    const container = await harness
      .container((config) => script(config, "echo out; echo err >&2; cat; echo end >&2"))
      .start();
    const client = await container.attach();
    expect(client.json(opcodes.ready)).toMatchObject({ tty: false, offset: 0 });
    client.type("some\ninput\n");
    client.send(opcodes.endOfInput);
    await client.untilExit();
    expect(client.text(opcodes.output)).toBe("out\nsome\ninput\n");
    expect(client.text(opcodes.errorOutput)).toBe("err\nend\n");
    const offsets = [...client.chunks(opcodes.output), ...client.chunks(opcodes.errorOutput)].map(
      (chunk) => chunk.offset,
    );
    expect(new Set(offsets).size).toBe(offsets.length);
    await container.gone();
    expect(container.exitRecord().offset).toBe(23);
  });

  test("a megabyte of input arrives whole, even when its sender has hung up", async () => {
    const container = await harness.container((config) => script(config, "sleep 0.5; wc -c")).start();
    const watcher = await container.attach({ writable: false });
    const client = await container.attach();
    for (let i = 0; i < 32; ++i) client.type("x".repeat(32 * 1024));
    client.send(opcodes.endOfInput);
    await new Promise((resolve) => setTimeout(resolve, 100));
    client.close();
    await watcher.untilExit();
    expect(watcher.text()).toBe(`${ring}\n`);
    await container.gone();
  });
});

describe("a client whose input waits is read from again", () => {
  test("when a frame that is larger than what may wait has been taken whole", async () => {
    const container = await harness.container((config) => script(config, "wc -c")).start();
    const client = await container.attach();
    for (let i = 0; i < 3; ++i) client.type("x".repeat(200 * 1024));
    client.send(opcodes.endOfInput);
    await client.untilExit();
    expect(client.text()).toBe(`${600 * 1024}\n`);
    await container.gone();
  });

  test("when the program reads no more, so that it hears of what goes on", async () => {
    const container = await harness
      .container((config) => {
        const idle = "while :; do sleep 0.05; done";
        script(config, `trap 'exit 3' USR1; read go; sleep 0.3; exec 0<&-; echo closed; ${idle}`);
      })
      .start();
    const client = await container.attach();
    client.type("go\n");
    for (let i = 0; i < 40; ++i) client.type("x".repeat(64 * 1024));
    await client.untilText("closed");
    expect(await client.signal(10, 0)).toMatchObject({ ok: true });
    expect(await client.untilExit()).toMatchObject({ exitCode: 3 });
    await container.gone();
  });
});

describe("several clients", () => {
  test("see the same, type by turns, and may resume anywhere", async () => {
    const container = await harness.container().start();
    const first = await container.attach();
    first.type("echo from-first\n");
    await first.untilText("from-first\r\n");
    const second = await container.attach();
    await second.untilText("from-first\r\n");
    second.type("echo from-second\n");
    const all = await first.untilText("from-second\r\n");
    await second.untilText("from-second\r\n");
    const third = await container.attach({ resumeFrom: 10n });
    expect(third.json(opcodes.ready)).toMatchObject({ offset: 10 });
    await third.untilText("from-second\r\n");
    expect(all.startsWith(third.text(), 10) || third.text().startsWith(all.slice(10))).toBe(true);
    await container.kill();
  });

  test("who only watches may not type", async () => {
    const container = await harness.container().start();
    const client = await container.attach({ writable: false });
    client.type("exit\n");
    await client.untilClosed();
    expect(client.json(opcodes.problem)).toMatchObject({ code: "not-writable" });
    await container.kill();
  });

  test.each([
    ["an unknown opcode", Buffer.from([0, 0, 0, 1, 0x7f])],
    ["an empty frame", Buffer.from([0, 0, 0, 0])],
    ["a frame that is too long", Buffer.from([0, 0x20, 0, 0, 0x02])],
    ["a payload that doesn't fit its opcode", Buffer.from([0, 0, 0, 2, 0x03, 1])],
  ])("%s is refused, and the container goes on", async (_, bytes) => {
    const container = await harness.container().start();
    const client = await container.connect();
    client.sendRaw(bytes);
    await client.untilClosed();
    expect(client.json(opcodes.problem)).toMatchObject({ code: "malformed-frame" });
    const next = await container.attach();
    next.type("echo fine\n");
    await next.untilText("fine\r\n");
    await container.kill();
  });
});

describe("flow control", () => {
  test("who never acknowledges gets 512 KiB, and stalls neither the container nor the others", async () => {
    const container = harness.container((config) => script(config, "read go; seq 1 400000; echo the end; read stop"));
    await container.start();
    const mute = await container.attach();
    mute.acknowledging = false;
    const client = await container.attach();
    client.type("go\n");
    await client.untilText("the end");
    const count = await settled(mute);
    expect(count).toBeGreaterThan(window - 64 * 1024);
    expect(count).toBeLessThanOrEqual(window);
    expectContiguous(mute);
    await container.kill();
  });

  test("who fell behind the ring is told of the gap and goes on at the ring's start", async () => {
    const container = harness.container((config) => script(config, "read go; seq 1 400000; echo the end; read stop"));
    await container.start();
    const slow = await container.attach();
    slow.acknowledging = false;
    const client = await container.attach();
    client.type("go\n");
    await client.untilText("the end");
    await settled(slow);
    const last = slow.chunks().at(-1);
    slow.acknowledging = true;
    slow.acknowledge((last?.offset ?? 0n) + BigInt(last?.bytes.length ?? 0));
    await slow.untilText("the end");
    const gap = expectContiguous(slow).at(-1);
    const after = slow.chunks().filter(({ offset }) => offset >= BigInt(gap?.to ?? 0));
    expect(after.reduce((sum, chunk) => sum + chunk.bytes.length, 0)).toBe(ring);
    await container.kill();
  });

  test("after the exit, clients get the rest before they are told", async () => {
    const container = harness.container((config) => script(config, "read go; seq 1 100000; exit 4"));
    await container.start();
    const client = await container.attach();
    client.acknowledging = false;
    client.type("go\n");
    await settled(client);
    expect(client.first(opcodes.exit)).toBeUndefined();
    client.acknowledging = true;
    client.acknowledge(BigInt(received(client)));
    expect(await client.untilExit()).toMatchObject({ exitCode: 4 });
    expect(client.text()).toContain("\n100000\n");
    expect(client.frames.at(-1)?.opcode).toBe(opcodes.exit);
    await container.gone();
  });
});

describe("the log", () => {
  test("has every byte, over rotation and restart", async () => {
    const container = harness.container((config) => script(config, "seq 1 60000"));
    container.shimArgs = ["--log-max-bytes", "262144", "--log-files", "4"];
    const expected = Array.from({ length: 60000 }, (_, i) => `${i + 1}\n`).join("");
    await container.output();
    await container.output();
    const records = container.logRecords();
    expect(records.length).toBeGreaterThan(4);
    let next = 0n;
    for (const { offset, bytes } of records) {
      expect(offset).toBe(next);
      next = offset + BigInt(bytes.length);
    }
    expect(Number(next)).toBe(2 * expected.length);
    expect(container.logText(1)).toBe(expected + expected);
    expect(container.exitRecord().offset).toBe(2 * expected.length);
  });

  test("a record that a crash tore is cut off, and the offsets go on", async () => {
    const container = harness.container((config) => script(config, "echo first"));
    await container.output();
    appendFileSync(`${container.state}/output.log`, Buffer.alloc(17, 1));
    await container.output();
    expect(container.logRecords().map((record) => [Number(record.offset), record.bytes.toString()])).toEqual([
      [0, "first\n"],
      [6, "first\n"],
    ]);
  });
});
