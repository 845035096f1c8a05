import type { Problem } from "@/lib/contract/problem.ts";
import { problemFrom } from "../api.ts";
import { randomId } from "../random-id.ts";
import { isConflict, putFile } from "./put-file.ts";

/** `exists`: there is a file of that name, and the person has to say whether it is replaced. */
export type UploadState = "waiting" | "sending" | "done" | "exists" | "failed" | "cancelled";

export interface Upload {
  id: string;
  containerId: string;
  path: string;
  file: File;
  state: UploadState;
  /** Whether it may take the place of what is there. */
  replacing: boolean;
  sentBytes: number;
  problem: Problem | null;
}

const atOnce = 2;
let uploads: readonly Upload[] = [];
const watchers = new Set<() => void>();
const calls = new Map<string, AbortController>();

/** The page's uploads; they go on while one looks at another view. */
export const uploadStore = {
  snapshot: () => uploads,
  subscribe(changed: () => void): () => void {
    watchers.add(changed);
    return () => watchers.delete(changed);
  },
  add(containerId: string, files: readonly { path: string; file: File }[]): void {
    const common = { containerId, state: "waiting", replacing: false, sentBytes: 0, problem: null } as const;
    const fresh = files.map((item): Upload => ({ ...common, ...item, id: randomId() }));
    show([...uploads, ...fresh]);
    next();
  },
  /** Sends files again, over what is there. */
  replace(ids: readonly string[]): void {
    for (const id of ids) change(id, { state: "waiting", replacing: true, sentBytes: 0, problem: null });
    next();
  },
  cancel(id: string): void {
    calls.get(id)?.abort();
    change(id, { state: "cancelled" });
    next();
  },
  /** Forgets what has come to its end. */
  clear(): void {
    show(uploads.filter(({ state }) => state === "waiting" || state === "sending"));
  },
};

function next(): void {
  const sending = uploads.filter(({ state }) => state === "sending").length;
  for (const { id } of uploads.filter(({ state }) => state === "waiting").slice(0, atOnce - sending)) void send(id);
}

async function send(id: string): Promise<void> {
  const upload = uploads.find((item) => item.id === id);
  if (!upload) return;
  const call = new AbortController();
  calls.set(id, call);
  change(id, { state: "sending", sentBytes: 0, problem: null });
  try {
    await putFile({
      id: upload.containerId,
      path: upload.path,
      body: upload.file,
      ...(!upload.replacing && { only: "new" }),
      onProgress: (sentBytes) => change(id, { sentBytes }),
      signal: call.signal,
    });
    change(id, { state: "done", sentBytes: upload.file.size });
  } catch (error) {
    if (!call.signal.aborted) fail(upload, problemFrom(error));
  } finally {
    calls.delete(id);
    next();
  }
}

function fail({ id, replacing }: Upload, problem: Problem): void {
  change(id, { problem, state: isConflict(problem) && !replacing ? "exists" : "failed" });
}

function change(id: string, with_: Partial<Upload>): void {
  show(uploads.map((upload) => (upload.id === id ? { ...upload, ...with_ } : upload)));
}

function show(to: readonly Upload[]): void {
  uploads = to;
  for (const changed of watchers) changed();
}
