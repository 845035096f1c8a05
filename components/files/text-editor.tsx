"use client";

import { useRouter } from "next/navigation";
import { type KeyboardEvent, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { problemFrom } from "../api.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { formatBytes } from "../format.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { toastDone, toastKept } from "../ui/toaster.tsx";
import { previewBytes } from "./content.ts";
import { type Draft, draftStore, isChanged } from "./drafts.ts";
import { visibleName } from "./file-name.tsx";
import { putFile } from "./put-file.ts";
import { useGone } from "./use-draft.ts";

interface Props {
  container: Container;
  draft: Draft;
}

/**
 * Changes a small text. It is written only over the version that editing began with; of another one the person decides.
 * Whoever looks at something else finds the text again.
 */
export function TextEditor({ container, draft }: Props) {
  const { entry, text, lineEnd } = draft;
  const { id } = container;
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [conflict, setConflict] = useState(false);
  const changed = isChanged(draft);
  const discard = () => draftStore.discard(id, entry.path);
  useKept(container, draft);

  const save = async (guarded: boolean) => {
    const body = new Blob([lineEnd === "\n" ? text : text.replaceAll("\n", lineEnd)]);
    setPending(true);
    setProblem(null);
    try {
      const saved = await putFile({ id, path: entry.path, body, ...(guarded && { only: { etag: entry.etag } }) });
      toastDone(`${visibleName(entry.name)} saved`);
      setConflict(false);
      draftStore.saved(id, text, { ...saved, path: entry.path });
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
  const size = new Blob([text]).size;

  return (
    <div>
      {problem && (
        <div className="px-4 pb-4">
          <ProblemNotice problem={problem} />
        </div>
      )}
      <textarea
        aria-label={`Text of ${visibleName(entry.name)}`}
        value={text}
        spellCheck={false}
        wrap="off"
        onChange={(event) => draftStore.type(id, entry.path, event.target.value)}
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
        <Button variant="ghost" onClick={discard}>
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
                discard();
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

/** When the editor goes out of sight with changes, says that they are kept, and leads back; unchanged, it is closed. */
function useKept({ id, name }: Container, { entry }: Draft): void {
  const router = useRouter();
  useGone(() => {
    const draft = draftStore.get(id, entry.path);
    if (!draft) return;
    if (!isChanged(draft)) return draftStore.discard(id, entry.path);
    const address = `/containers/${name}?${new URLSearchParams({ tab: "files", path: entry.path })}`;
    toastKept(`Your changes of ${visibleName(entry.name)} are kept, not saved`, () => router.push(address));
  });
}
