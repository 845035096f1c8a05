import { Readable } from "node:stream";
import { callWorker, openWorkerResponse, type WorkerRequest } from "../../lib/client/worker.ts";
import { ArchiveResult, type FileChange, FileEntry, FileListing } from "../../lib/contract/file.ts";
import { fail } from "../../lib/contract/problem.ts";
import { noteForAudit } from "../audit.ts";
import type { WebContext } from "../context.ts";
import { findContainer } from "./find-container.ts";

const timeoutMs = 30_000;

/** A file, or a directory and what is in it. */
export async function listFiles(context: WebContext, ref: string, path: string): Promise<FileListing> {
  const target = await filesPath(context, ref, "", { path });
  return FileListing.parse(await callWorker(context.workerSocket, "GET", target, undefined, { timeoutMs }));
}

/** Makes a directory, or moves what is there. */
export async function changeFile(context: WebContext, ref: string, change: FileChange): Promise<FileEntry> {
  const to = "to" in change ? ` to ${change.to}` : "";
  noteForAudit(context, { detail: `${change.action} ${change.path}${to}` });
  const target = await filesPath(context, ref, "", {});
  return FileEntry.parse(await callWorker(context.workerSocket, "POST", target, change, { timeoutMs }));
}

/** Deletes a file or, with `recursive`, a directory with all that is in it. */
export async function deleteFile(context: WebContext, ref: string, path: string, recursive: boolean): Promise<void> {
  noteForAudit(context, { detail: recursive ? `${path} and all below it` : path });
  const target = await filesPath(context, ref, "", { path, recursive: String(recursive) });
  await callWorker(context.workerSocket, "DELETE", target, undefined, {});
}

/** A file's bytes, never as anything that a browser would render. */
export async function readFile(
  context: WebContext,
  ref: string,
  { path, download }: { path: string; download: boolean },
  clientGone: AbortSignal,
): Promise<Response> {
  const target = await filesPath(context, ref, "/content", { path });
  return download ? stream(context, target, clientGone, nameOf(path)) : stream(context, target, clientGone, null);
}

/** A file or directory as a tar archive. */
export async function readArchive(
  context: WebContext,
  ref: string,
  path: string,
  clientGone: AbortSignal,
): Promise<Response> {
  const target = await filesPath(context, ref, "/archive", { path });
  return stream(context, target, clientGone, `${nameOf(path) || ref}.tar`);
}

/** Writes a file whole from the request's body. */
export async function writeFile(
  context: WebContext,
  ref: string,
  { path, mode }: { path: string; mode: string },
  request: Request,
): Promise<FileEntry> {
  noteForAudit(context, { detail: `${path}, mode ${mode}` });
  const target = await filesPath(context, ref, "/content", { path, mode });
  return FileEntry.parse(await upload(context, target, request, "application/octet-stream"));
}

/** Unpacks the archive in the request's body into a directory. */
export async function writeArchive(
  context: WebContext,
  ref: string,
  path: string,
  request: Request,
): Promise<ArchiveResult> {
  noteForAudit(context, { detail: `an archive into ${path}` });
  const target = await filesPath(context, ref, "/archive", { path });
  return ArchiveResult.parse(await upload(context, target, request, "application/x-tar"));
}

async function filesPath(
  context: WebContext,
  ref: string,
  below: string,
  query: Record<string, string>,
): Promise<string> {
  const { id } = await findContainer(context, ref);
  return `/containers/${id}/files${below}?${new URLSearchParams(query)}`;
}

async function stream(
  context: WebContext,
  path: string,
  clientGone: AbortSignal,
  fileName: string | null,
): Promise<Response> {
  const signal = AbortSignal.any([clientGone, context.stopping]);
  const content = await openWorkerResponse(context.workerSocket, { method: "GET", path, signal, timeoutMs });
  const { "content-type": type, "content-length": length, etag, "last-modified": modified } = content.headers;
  return new Response(Readable.toWeb(content) as ReadableStream<Uint8Array>, {
    headers: {
      "content-type": type ?? "application/octet-stream",
      ...(length && { "content-length": length }),
      ...(etag && { etag }),
      ...(modified && { "last-modified": modified }),
      ...(fileName !== null && { "content-disposition": attachment(fileName) }),
      "x-content-type-options": "nosniff",
      // no-transform keeps Next's compression away: it would drop the length.
      "cache-control": "no-store, no-transform",
    },
  });
}

/** RFC 6266: a plain name for old readers, and the real one in UTF-8. */
export function attachment(fileName: string): string {
  const plain = fileName.replaceAll(/[^\w.+-]/g, "_");
  const exact = encodeURIComponent(fileName.replaceAll(/\p{Surrogate}/gu, "_")).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}

function nameOf(path: string): string {
  return path.replace(/\/+$/, "").split("/").pop() ?? "";
}

async function upload(context: WebContext, path: string, request: Request, type: string): Promise<unknown> {
  const given = request.headers.get("content-type") ?? type;
  if (!given.toLowerCase().startsWith(type)) {
    throw fail("unsupported-media-type", "The body has another type", `It is ${JSON.stringify(given)}.`, {
      remedy: `Send the bytes themselves with \`Content-Type: ${type}\`, not a form.`,
    });
  }
  const call: WorkerRequest = {
    method: "PUT",
    path,
    headers: forwarded(request, "if-match", "if-none-match", "content-length"),
    upload: bodyOf(request),
    signal: AbortSignal.any([request.signal, context.stopping]),
  };
  const answer = await openWorkerResponse(context.workerSocket, call);
  return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>).json();
}

function forwarded({ headers }: Request, ...names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? ""]] : [])));
}

function bodyOf({ body }: Request): Readable {
  return body ? Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]) : Readable.from([]);
}
