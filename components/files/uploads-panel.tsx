"use client";

import { CircleCheck, CircleX, FileQuestion, X } from "lucide-react";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { formatBytes, formatCount } from "../format.ts";
import { Button } from "../ui/button.tsx";
import { Progress } from "../ui/progress.tsx";
import { visibleName } from "./file-name.tsx";
import { nameOf } from "./paths.ts";
import { type Upload, uploadStore } from "./uploads.ts";

const none: readonly Upload[] = [];
const mostShown = 50;

/** What is being uploaded to a container, how far it is, and questions about files that are there already. */
export function UploadsPanel({ containerId, onDone }: { containerId: string; onDone: () => void }) {
  const every = useSyncExternalStore(uploadStore.subscribe, uploadStore.snapshot, () => none);
  const uploads = every.filter((upload) => upload.containerId === containerId);
  const done = uploads.filter(({ state }) => state === "done").length;
  const known = useRef(done);
  useEffect(() => {
    if (done > known.current) onDone();
    known.current = done;
  }, [done, onDone]);
  if (uploads.length === 0) return null;

  const open = uploads.filter(({ state }) => state === "waiting" || state === "sending");
  const asking = uploads.filter(({ state }) => state === "exists");
  return (
    <section aria-label="Uploads" className="mb-3 overflow-hidden rounded-xl border bg-surface text-sm shadow-card">
      <header className="flex min-h-11 flex-wrap items-center gap-2 border-b px-4 py-1.5">
        <h2 className="mr-auto font-semibold tracking-tight" aria-live="polite">
          {open.length > 0 ? `Uploading ${formatCount(open.length, "file")}` : `${formatCount(done, "file")} uploaded`}
        </h2>
        {asking.length > 1 && (
          <Button size="sm" onClick={() => uploadStore.replace(asking.map(({ id }) => id))}>
            Replace all {asking.length}
          </Button>
        )}
        <Button variant="ghost" size="sm" onClick={() => uploadStore.clear()}>
          Clear
        </Button>
      </header>
      <ul className="max-h-56 overflow-y-auto">
        {[...asking, ...uploads.filter(({ state }) => state !== "exists")].slice(0, mostShown).map((upload) => (
          <Row key={upload.id} upload={upload} />
        ))}
        {uploads.length > mostShown && (
          <li className="px-4 py-2 text-faint text-xs">and {formatCount(uploads.length - mostShown, "more file")}</li>
        )}
      </ul>
    </section>
  );
}

function Row({ upload }: { upload: Upload }) {
  const { id, path, file, state, sentBytes, problem } = upload;
  const name = visibleName(nameOf(path));
  const cancellable = state === "waiting" || state === "sending";
  return (
    <li className="flex min-h-10 items-center gap-3 border-b px-4 py-1.5 last:border-b-0">
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="truncate" title={path}>
            {name}
          </span>
          <span className="shrink-0 text-faint text-xs tabular-nums">{describe(upload)}</span>
        </span>
        {state === "sending" && (
          <Progress label={name} value={file.size > 0 ? sentBytes / file.size : null} className="mt-1" />
        )}
        {state === "failed" && problem && (
          <span className="block text-pretty text-bad text-xs">
            {[problem.detail, problem.remedy].filter(Boolean).join(" ")}
          </span>
        )}
      </span>
      {state === "done" && <CircleCheck className="size-4 text-ok" aria-label="Done" />}
      {state === "failed" && <CircleX className="size-4 text-bad" aria-label="Failed" />}
      {state === "exists" && (
        <>
          <FileQuestion className="size-4 text-warn" aria-hidden="true" />
          <Button size="sm" onClick={() => uploadStore.replace([id])} aria-label={`Replace ${name}`}>
            Replace
          </Button>
          <Button size="sm" variant="ghost" onClick={() => uploadStore.cancel(id)} aria-label={`Skip ${name}`}>
            Skip
          </Button>
        </>
      )}
      {cancellable && (
        <Button
          variant="ghost"
          size="icon"
          aria-label={`Cancel ${name}`}
          className="any-pointer-coarse:size-10"
          onClick={() => uploadStore.cancel(id)}
        >
          <X />
        </Button>
      )}
    </li>
  );
}

function describe({ state, sentBytes, file, problem }: Upload): string {
  switch (state) {
    case "waiting":
      return `${formatBytes(file.size)}, waits`;
    case "sending":
      return `${formatBytes(sentBytes)} of ${formatBytes(file.size)}`;
    case "done":
      return formatBytes(file.size);
    case "exists":
      return "is there already";
    case "failed":
      return problem?.title ?? "failed";
    case "cancelled":
      return "not uploaded";
  }
}
