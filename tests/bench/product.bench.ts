// The product's times as its users have them: by HTTP and WebSocket, against an instance of its own.
//   node --import tsx tests/bench/product.bench.ts        as root, after a build
import { setTimeout as sleep } from "node:timers/promises";
import { type Instance, startInstance } from "../support/instance.ts";
import { Terminal } from "../support/terminal.ts";
import { quantile, timeRow } from "./figures.ts";

const starts = 40;
const listed = 100;
const lists = 100;
const keystrokes = 300;
const floods = 5;
const limits = { memoryBytes: 64 * 1024 * 1024 };

async function timed<T>(work: () => Promise<T>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** From the request to its answer: through web, database, worker and shim until the program runs. */
async function startCall({ client }: Instance, pauseMs: number): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < starts; round += 1) {
    const params = { name: `start-${pauseMs}-${round}` };
    await client.call("createContainer", { body: { name: params.name, command: "sleep 600", limits } });
    await sleep(pauseMs);
    samples.push(await timed(() => client.call("startContainer", { params })));
    await client.call("deleteContainer", { params, query: { force: true } });
  }
  return samples;
}

async function listCall({ client }: Instance): Promise<number[]> {
  for (let number = 0; number < listed; number += 1) {
    await client.call("createContainer", { body: { name: `listed-${number}`, limits } });
  }
  const samples: number[] = [];
  for (let round = 0; round < lists; round += 1) {
    samples.push(await timed(() => client.call("listContainers", { query: { limit: listed } })));
  }
  return samples;
}

/** From a key to its echo: WebSocket, web, worker, shim, the kernel's terminal, and back. */
async function echo(terminal: Terminal): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < keystrokes; round += 1) {
    const { bytes } = terminal;
    samples.push(
      await timed(() => {
        terminal.send("x");
        return terminal.until("the echo", () => terminal.bytes > bytes);
      }),
    );
  }
  return samples;
}

/** Bytes per second of `seq 1 2000000` until the prompt is back. */
async function flood(terminal: Terminal): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < floods; round += 1) {
    const { bytes } = terminal;
    const end = `end-${round}`;
    const milliseconds = await timed(() => {
      terminal.send(`seq 1 2000000; echo en''d-${round}\n`);
      return terminal.until("the flood is over", () => terminal.text.slice(-200).includes(end), 120_000);
    });
    samples.push((terminal.bytes - bytes) / (milliseconds / 1000));
  }
  return samples;
}

async function openShell(instance: Instance, name: string, command: string): Promise<Terminal> {
  // A whole core: the figure is about the way that the bytes go.
  await instance.client.call("createContainer", { body: { name, command, limits: { cpus: 1 } } });
  await instance.client.call("startContainer", { params: { name } });
  return Terminal.open(instance, name);
}

const instance = await startInstance();
try {
  const writer = await openShell(instance, "echo", "cat");
  const shell = await openShell(instance, "flood", "bash");
  console.table({
    "API start call, back to back": timeRow(await startCall(instance, 0)),
    "API start call, every 100 ms": timeRow(await startCall(instance, 100)),
    "keystroke echo": timeRow(await echo(writer)),
    [`list of ${listed} containers`]: timeRow(await listCall(instance)),
  });
  const speed = await flood(shell);
  const inMegabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  console.table({
    "terminal, seq 1 2000000": {
      "median MB/s": inMegabytes(quantile(speed, 0.5)),
      "slowest MB/s": inMegabytes(Math.min(...speed)),
      rounds: speed.length,
    },
  });
  writer.close();
  shell.close();
} finally {
  for (const line of await instance.stop()) {
    console.error(`left behind: ${line}`);
    process.exitCode = 1;
  }
}
