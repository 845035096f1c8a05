import { close } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DeleteFileQuery, FileChange, FileQuery, UploadQuery } from "../../lib/contract/file.ts";
import { fail, parseOrFail } from "../../lib/contract/problem.ts";
import { within } from "../../lib/within.ts";
import type { Context } from "../context.ts";
import { changeFile, deleteFile } from "../files/change-file.ts";
import { withRoot } from "../files/container-root.ts";
import { onPath, wrongType } from "../files/file-problem.ts";
import { listFiles } from "../files/list-files.ts";
import { packArchive } from "../files/read-archive.ts";
import { openFile, readBytes } from "../files/read-file.ts";
import { writeArchive } from "../files/write-archive.ts";
import { writeFile } from "../files/write-file.ts";
import type { ContainerRecord } from "../state/record.ts";
import type { Call, WorkerRoute } from "./server.ts";

/** A body from which nothing came for this long, in milliseconds, is given up, and so is one that nobody reads. */
const idleMs = 30_000;
/** And one that is slower than this on the whole, after as long: it would hold up whoever waits for the container. */
const slowestBytesPerMs = 1;

/** The calls about files in containers; `container` finds the one that a call names. */
export function fileRoutes(context: Context, container: (call: Call) => ContainerRecord): WorkerRoute[] {
  const at = (name: string) => new RegExp(`^/containers/(?<ref>[^/]+)/files${name}$`);
  const queryOf = (call: Call) => Object.fromEntries(call.query);
  return [
    {
      method: "GET",
      pattern: at(""),
      handle: (call) => listFiles(context, container(call), parseOrFail(FileQuery, queryOf(call)).path),
    },
    {
      method: "POST",
      pattern: at(""),
      handle: (call) => changeFile(context, container(call).id, parseOrFail(FileChange, call.body)),
    },
    {
      method: "DELETE",
      pattern: at(""),
      handle: (call) => {
        const { path, recursive } = parseOrFail(DeleteFileQuery, queryOf(call));
        return deleteFile(context, container(call).id, path, recursive);
      },
    },
    {
      method: "GET",
      pattern: at("/content"),
      handle: (call) => sendFile(context, container(call), parseOrFail(FileQuery, queryOf(call)).path, call.response),
    },
    {
      method: "PUT",
      pattern: at("/content"),
      upload: true,
      handle: (call) => {
        const { path, mode } = parseOrFail(UploadQuery, queryOf(call));
        const { "if-match": ifMatch = null, "if-none-match": ifNoneMatch = null } = call.request.headers;
        const request = { path, mode: Number.parseInt(mode, 8), ifMatch, ifNoneMatch };
        return writeFile(context, container(call).id, request, bodyOf(call.request));
      },
    },
    {
      method: "GET",
      pattern: at("/archive"),
      handle: (call) =>
        sendArchive(context, container(call), parseOrFail(FileQuery, queryOf(call)).path, call.response),
    },
    {
      method: "PUT",
      pattern: at("/archive"),
      upload: true,
      handle: (call) => {
        const { path } = parseOrFail(FileQuery, queryOf(call));
        return writeArchive(context, container(call).id, path, bodyOf(call.request));
      },
    },
  ];
}

/** A request's body; it is given up when nothing of it comes for a while, so that it holds nobody up for ever. */
async function* bodyOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  // Left open when the reading ends early: the answer still goes out, and Node throws the rest of the body away.
  const pieces = request.iterator({ destroyOnReturn: false });
  const begun = performance.now();
  let bytes = 0;
  for (;;) {
    const left = begun + 2 * idleMs + bytes / slowestBytesPerMs - performance.now();
    const next = await within(pieces.next().catch(brokenOff), Math.min(idleMs, left));
    if (!next) {
      const detail = `Nothing of it came in ${idleMs / 1000} seconds, or less than ${slowestBytesPerMs} kB a second.`;
      throw fail("invalid-request", "The upload has stalled", detail, {
        remedy: "Send it again; nothing of it was kept.",
      });
    }
    if (next.done) return;
    bytes += next.value.length;
    yield next.value;
  }
}

function brokenOff(error: Error): never {
  throw fail("invalid-request", "The upload was broken off", error.message);
}

function sendFile(context: Context, { id }: ContainerRecord, path: string, response: ServerResponse): Promise<void> {
  const send = withRoot(context, id, "read", async (root) => {
    const { entry, file } = await openFile(context.addon, root, path);
    try {
      response.writeHead(200, {
        "content-type": "application/octet-stream",
        "content-length": entry.size,
        etag: `"${entry.etag}"`,
        "last-modified": new Date(entry.modifiedMs).toUTCString(),
      });
      await stream(readBytes(file, entry.size), response);
    } finally {
      await file.close();
    }
  });
  return onPath(path, send);
}

function sendArchive(context: Context, { id }: ContainerRecord, path: string, response: ServerResponse): Promise<void> {
  const send = withRoot(context, id, "read", async (root, files) => {
    const top = await files.openEntry(root, path, true);
    try {
      if (top.type !== "file" && top.type !== "directory") throw wrongType(path, `a ${top.type}`);
      if (top.kernel) throw wrongType(path, "a view of the kernel");
      const name = path.replace(/\/+$/, "").split("/").pop() ?? "";
      response.writeHead(200, { "content-type": "application/x-tar" });
      await stream(packArchive(files, top, name), response);
    } finally {
      close(top.fd);
    }
  });
  return onPath(path, send);
}

/** Sends what comes, no faster than it is taken. A reader that leaves, or takes nothing for a while, ends it. */
async function stream(content: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  response.setTimeout(idleMs, () => response.destroy());
  await pipeline(Readable.from(content, { objectMode: false }), response).catch((error) => {
    response.destroy();
    if (error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  });
}
