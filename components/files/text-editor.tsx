"use client";

import { type KeyboardEvent, useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { FileEntry } from "@/lib/contract/file.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { problemFrom } from "../api.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { formatBytes } from "../format.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { toastDone } from "../ui/toaster.tsx";
import { previewBytes } from "./content.ts";
import { visibleName } from "./file-name.tsx";
import { putFile } from "./put-file.ts";

interface Props {
  container: Container;
  entry: FileEntry;
  text: string;
  /** How its lines end; an editor knows line feeds alone, so it is put back. */
  lineEnd: "\n" | "\r\n";
  onSaved: () => void;
  onEnd: () => void;
}

/** Changes a small text. It is written only over the version that was read; of another one the person decides. */
export function TextEditor({ container, entry, text, lineEnd, onSaved, onEnd }: Props) {
  const before = text.replaceAll("\r\n", "\n");
  const [value, setValue] = useState(before);
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [conflict, setConflict] = useState(false);
  const changed = value !== before;
  useGuard(changed);

  const save = async (guarded: boolean) => {
    const body = new Blob([lineEnd === "\n" ? value : value.replaceAll("\n", lineEnd)]);
    setPending(true);
    setProblem(null);
    try {
      await putFile({ id: container.id, path: entry.path, body, ...(guarded && { only: { etag: entry.etag } }) });
      toastDone(`${visibleName(entry.name)} saved`);
      setConflict(false);
      onEnd();
      onSaved();
    } catch (error) {
      const reason = problemFrom(error);
      if (reason.code === "changed-meanwhile") setConflict(true);
      else setProblem(reason);
    } finally {
      setPending(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (changed && !pending) void save(true);
    }
  };
  const size = new Blob([value]).size;

  return (
    <div>
      {problem && (
        <div className="px-4 pb-4">
          <ProblemNotice problem={problem} />
        </div>
      )}
      <textarea
        aria-label={`Text of ${visibleName(entry.name)}`}
        value={value}
        spellCheck={false}
        wrap="off"
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={onKeyDown}
        className="block h-[max(20rem,calc(100dvh-23rem))] w-full resize-none whitespace-pre bg-terminal px-4 py-2 font-mono text-xs leading-5 outline-none [tab-size:8] any-pointer-coarse:text-base"
      />
      <footer className="flex flex-wrap items-center gap-2 border-t px-4 py-2">
        <span className="mr-auto text-faint text-xs tabular-nums">
          {formatBytes(size)}
          {lineEnd === "\r\n" && ", lines end with CR LF"}
          <span className="max-sm:hidden">
            , <Kbd keys="Ctrl S" /> saves
          </span>
          {size > previewBytes && <span className="text-bad">, more than this page opens again</span>}
        </span>
        <Button variant="ghost" onClick={onEnd}>
          {changed ? "Discard" : "Close"}
        </Button>
        <Button variant="primary" pending={pending} disabled={!changed} onClick={() => void save(true)}>
          Save
        </Button>
      </footer>
      <Dialog
        open={conflict}
        onOpenChange={setConflict}
        title={`${visibleName(entry.name)} was changed meanwhile`}
        description="Somebody, or the container itself, wrote it after you had opened it. Saving now would undo that."
        footer={
          <>
            <Button variant="ghost" onClick={() => setConflict(false)}>
              Go on editing
            </Button>
            <Button
              onClick={() => {
                setConflict(false);
                onEnd();
                onSaved();
              }}
            >
              Take theirs
            </Button>
            <Button variant="danger" pending={pending} onClick={() => void save(false)}>
              Save mine
            </Button>
          </>
        }
      >
        <p className="text-soft text-sm">“Take theirs” shows the file as it is now; what you typed is gone then.</p>
      </Dialog>
    </div>
  );
}

/** Asks before a page with changes is left. */
function useGuard(changed: boolean): void {
  useEffect(() => {
    if (!changed) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [changed]);
}
