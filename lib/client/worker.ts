import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from "node:http";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fail, Problem, ProblemError } from "../contract/problem.ts";
import { terminalProtocol } from "../contract/terminal.ts";

/** A call on worker.sock. `timeoutMs` bounds the time to the answer's headers; none means that it may take long. */
export interface WorkerRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
  /** Sent as it comes, instead of a JSON body. */
  upload?: Readable;
  headers?: Record<string, string>;
  timeoutMs?: number;
  signal?: AbortSignal;
}

/**
 * Sends a request and resolves with the answer once its headers are there; the caller reads the body.
 * Throws a ProblemError: the worker's own, or `worker-unavailable` when nothing answers on the socket.
 */
export async function openWorkerResponse(socketPath: string, call: WorkerRequest): Promise<IncomingMessage> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const outgoing = request({
    ...target(socketPath, call),
    headers: { ...(body !== undefined && jsonHeaders(body)), ...(call.upload && staysOpen), ...call.headers },
  });
  if (call.upload) send(call.upload, outgoing);
  else outgoing.end(body);
  const response = await answered(outgoing, socketPath, call.timeoutMs);
  if ((response.statusCode ?? 500) < 400) return response;
  const problem = await workerProblem(response, socketPath);
  outgoing.destroy();
  throw problem;
}

/**
 * Sends an upload for as long as the worker takes it. The rest of it is read and thrown away: its sender would not come
 * to read the refusal if its connection were cut. What goes wrong with the upload ends the request, and is heard there.
 */
function send(upload: Readable, outgoing: ClientRequest): void {
  upload.on("error", (error) => outgoing.destroy(error));
  upload.pipe(outgoing);
  outgoing.once("close", () => upload.unpipe(outgoing).resume());
}

/**
 * The worker leaves it to this end to close the connection. If it closed it after its answer, what an upload still writes
 * then would fail (EPIPE), and the answer would be lost with it.
 */
const staysOpen = { connection: "keep-alive" };

/** Node by itself tells the length of a DELETE's body no more than that of a GET's. */
function jsonHeaders(body: string): Record<string, string> {
  return { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
}

function target(socketPath: string, { method, path, signal }: WorkerRequest): RequestOptions {
  return { socketPath, method, path, agent: false, ...(signal && { signal }) };
}

function answered(
  outgoing: ClientRequest,
  socketPath: string,
  timeoutMs: number | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const timer = timeoutMs && setTimeout(() => outgoing.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    outgoing.once("close", () => clearTimeout(timer || undefined));
    outgoing.once("response", (response) => {
      clearTimeout(timer || undefined);
      resolve(response);
    });
    outgoing.once("error", (error) => reject(unavailable(socketPath, error)));
  });
}

function unavailable(socketPath: string, cause: Error): ProblemError {
  const problem = fail("worker-unavailable", "The worker does not answer", `${socketPath}: ${cause.message}`, {
    remedy: "It is restarted by itself within seconds; `./minirun status` tells how it is.",
  }).problem;
  return new ProblemError(problem, { cause });
}

async function workerProblem(response: IncomingMessage, socketPath: string): Promise<ProblemError> {
  const parsed = Problem.safeParse(parseJson(await readText(response, socketPath)));
  if (parsed.success) return new ProblemError(parsed.data);
  return fail("internal", "The worker failed", `it answered with status ${response.statusCode} and no problem`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function readText(response: IncomingMessage, socketPath: string): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    throw unavailable(socketPath, error instanceof Error ? error : new Error(String(error)));
  }
  return Buffer.concat(chunks).toString();
}

type CallOptions = Pick<WorkerRequest, "timeoutMs" | "signal">;

/** Calls the worker and returns its JSON, or null when the answer has no body. Throws like {@link openWorkerResponse}. */
export async function callWorker(
  socketPath: string,
  method: WorkerRequest["method"],
  path: string,
  body?: unknown,
  options: CallOptions = {},
): Promise<unknown> {
  const response = await openWorkerResponse(socketPath, { method, path, body, ...options });
  const text = await readText(response, socketPath);
  return text === "" ? null : JSON.parse(text);
}

/** An upgraded connection: `head` is what came behind the answer's headers. */
export interface WorkerStream {
  socket: Socket;
  head: Buffer;
}

/** Upgrades a connection to the terminal protocol. Throws like {@link openWorkerResponse} when the worker refuses. */
export function openWorkerStream(
  socketPath: string,
  path: string,
  headers: Record<string, string>,
  timeoutMs = 5_000,
): Promise<WorkerStream> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      ...target(socketPath, { method: "GET", path }),
      headers: { ...headers, connection: "Upgrade", upgrade: terminalProtocol },
    });
    outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new Error(`no answer in ${timeoutMs} ms`)));
    outgoing.once("error", (error) => reject(unavailable(socketPath, error)));
    outgoing.once("upgrade", (_response, socket, head) => {
      socket.setTimeout(0);
      resolve({ socket: socket as Socket, head });
    });
    outgoing.once("response", (response) => {
      workerProblem(response, socketPath)
        .then(reject, reject)
        .finally(() => outgoing.destroy());
    });
    outgoing.end();
  });
}

/**
 * Reads the worker's event stream, line by line, until it ends. Rejects when it cannot be opened, when it breaks,
 * or when nothing was heard for `silenceMs` (the worker sends a heartbeat every 10 s).
 */
export async function watchWorkerEvents(
  socketPath: string,
  signal: AbortSignal,
  onLine: (line: string) => void,
  silenceMs = 30_000,
): Promise<void> {
  const response = await openWorkerResponse(socketPath, { method: "GET", path: "/events", signal, timeoutMs: 5_000 });
  response.setTimeout(silenceMs, () => response.destroy(new Error(`nothing was heard for ${silenceMs} ms`)));
  for await (const line of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== "") onLine(line);
  }
}
