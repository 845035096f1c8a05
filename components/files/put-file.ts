import { FileEntry } from "@/lib/contract/file.ts";
import { fail, Problem, ProblemError } from "@/lib/contract/problem.ts";

interface Put {
  id: string;
  path: string;
  body: Blob;
  /** What the file must be for it to be written: the one with this entity tag, or none at all. */
  only?: { etag: string } | "new";
  onProgress?: (sentBytes: number) => void;
  signal?: AbortSignal;
}

/**
 * Writes a file whole. XMLHttpRequest, because fetch does not tell how far an upload is.
 * Throws the answer's ProblemError, or an AbortError.
 */
export function putFile({ id, path, body, only, onProgress, signal }: Put): Promise<FileEntry> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `/api/v1/containers/${id}/files/content?${new URLSearchParams({ path })}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("accept", "application/json");
    if (only === "new") request.setRequestHeader("if-none-match", "*");
    else if (only) request.setRequestHeader("if-match", only.etag);
    request.upload.addEventListener("progress", ({ loaded }) => onProgress?.(loaded));
    request.addEventListener("load", () => {
      const answer = parse(request.responseText);
      const entry = FileEntry.safeParse(answer);
      if (request.status === 200 && entry.success) return resolve(entry.data);
      const problem = Problem.safeParse(answer);
      reject(problem.success ? new ProblemError(problem.data) : unreadable(request.status));
    });
    request.addEventListener("error", () => reject(new Error("the connection broke while the file was sent")));
    request.addEventListener("abort", () => reject(new DOMException("cancelled", "AbortError")));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function unreadable(status: number): ProblemError {
  return fail("internal", "The answer cannot be read", `it has status ${status} and no problem in it`);
}

/** Whether a write was refused because of what is there: a file where none was to be, or another version of it. */
export function isConflict({ code }: Problem): boolean {
  return code === "file-exists" || code === "changed-meanwhile";
}
