import { Readable } from "node:stream";
import * as z from "zod";
import { callWorker, openWorkerResponse } from "../../lib/client/worker.ts";
import { fail } from "../../lib/contract/problem.ts";
import { RecordingInfo } from "../../lib/contract/session.ts";
import type { WebContext } from "../context.ts";
import { findContainer } from "./find-container.ts";

const timeoutMs = 10_000;
const RecordingId = z.union([z.literal("main"), z.uuid()]);

/** What can be replayed of a container's terminals. */
export async function listRecordings(context: WebContext, ref: string): Promise<RecordingInfo[]> {
  const { id } = await findContainer(context, ref);
  const answer = await callWorker(context.workerSocket, "GET", `/containers/${id}/recordings`, undefined, {
    timeoutMs,
  });
  return z.array(RecordingInfo).parse(answer);
}

/** A recording as asciicast, streamed as it is read. Throws not-found. */
export async function readRecording(
  context: WebContext,
  ref: string,
  recording: string,
  clientGone: AbortSignal,
): Promise<Response> {
  const { id, name } = await findContainer(context, ref);
  const parsed = RecordingId.safeParse(recording);
  if (!parsed.success) {
    throw fail(
      "not-found",
      "No such recording",
      `${name} has no recording ${JSON.stringify(recording.slice(0, 100))}.`,
    );
  }
  const path = `/containers/${id}/recordings/${parsed.data}`;
  const signal = AbortSignal.any([clientGone, context.stopping]);
  const lines = await openWorkerResponse(context.workerSocket, { method: "GET", path, signal, timeoutMs });
  return new Response(Readable.toWeb(lines) as ReadableStream<Uint8Array>, {
    headers: {
      "content-type": "application/x-asciicast",
      "content-disposition": `attachment; filename="${name}-${parsed.data}.cast"`,
      "cache-control": "no-store",
    },
  });
}
