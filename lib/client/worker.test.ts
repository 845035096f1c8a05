import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setInterval } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterEach, expect, it } from "vitest";
import { problem } from "../contract/problem.ts";
import { openWorkerResponse } from "./worker.ts";

const folder = mkdtempSync(join(tmpdir(), "minirun-test-client-"));
const socket = join(folder, "worker.sock");
/** 1 when the other end has the whole body, 2 when it has answered it. */
const progress = new Int32Array(new SharedArrayBuffer(4));
let thread: Worker;

afterEach(async () => {
  await thread.terminate();
  rmSync(folder, { recursive: true });
});

const server = `
  const { workerData: { socket, progress, answer }, parentPort } = require("node:worker_threads");
  const tell = (value) => { Atomics.store(progress, 0, value); Atomics.notify(progress, 0); };
  require("node:http").createServer((request, response) => {
    request.resume().once("end", () => {
      tell(1);
      setTimeout(() => response.writeHead(409, { "content-type": "application/problem+json" }).end(answer), 50);
    });
    response.once("finish", () => setTimeout(tell, 50, 2));
  }).listen(socket, () => parentPort.postMessage("ready"));
`;

it("hears why an upload was refused, also when its end is told after the answer has come", async () => {
  const answer = JSON.stringify(problem("file-exists", "A file is there already", "/srv/notes.txt"));
  thread = new Worker(server, { eval: true, workerData: { socket, progress, answer } });
  await new Promise((resolve) => thread.once("message", resolve));
  const upload = new PassThrough();
  upload.write("mine\n");
  const refused = openWorkerResponse(socket, {
    method: "PUT",
    path: "/",
    headers: { "content-length": "5" },
    upload,
  }).catch((error: unknown) => error);
  for await (const _ of setInterval(1)) if (Atomics.load(progress, 0) === 1) break;
  // Nothing of the answer is read in between.
  Atomics.wait(progress, 0, 1, 5_000);
  upload.end();
  expect(await refused).toMatchObject({ problem: { code: "file-exists" } });
});
