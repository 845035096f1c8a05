"use client";

import { ArrowLeft, Download, Pencil, SquarePen, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { FileEntry } from "@/lib/contract/file.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { problemFrom } from "../api.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { formatBytes } from "../format.ts";
import { Button, buttonStyle } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { BlockSkeleton } from "../ui/skeleton.tsx";
import { contentAddress } from "./addresses.ts";
import { type Content, previewBytes, readContent } from "./content.ts";
import { HexView, ImageView, TextView } from "./content-views.tsx";
import { type Draft, draftStore } from "./drafts.ts";
import { type FileAction, FileDialogs } from "./file-dialogs.tsx";
import { describeType, visibleName } from "./file-name.tsx";
import { formatMode, formatOctal, nameOf, parentOf, resolvePath } from "./paths.ts";
import { TextEditor } from "./text-editor.tsx";

interface Props {
  container: Container;
  entry: FileEntry;
  writable: boolean;
  /** What is being typed into it: then `entry` is the file as it was when that began. */
  draft: Draft | null;
  onOpen: (path: string) => void;
}

/** One file: what it is, what is in it as far as a page can show that, and what can be done with it. */
export function FileView({ container, entry, writable, draft, onOpen }: Props) {
  const { content, problem, fresh } = useContent(container.id, entry, draft === null);
  const [action, setAction] = useState<FileAction | null>(null);
  const name = visibleName(nameOf(entry.path));
  const text = content?.kind === "text" && content.whole ? content : null;
  const editing = draft !== null;
  const edit = ({ text, lineEnd }: Text) =>
    draftStore.begin(container.id, {
      entry,
      before: text.replaceAll("\r\n", "\n"),
      lineEnd: lineEnd === "\r\n" ? "\r\n" : "\n",
    });

  return (
    <article aria-label={name} className="overflow-hidden rounded-xl border bg-surface shadow-card">
      <header className="flex flex-wrap items-center gap-2 border-b px-3 py-2">
        <Button
          variant="ghost"
          size="icon"
          aria-label="Back to the directory"
          className="any-pointer-coarse:size-10"
          onClick={() => onOpen(parentOf(entry.path))}
        >
          <ArrowLeft />
        </Button>
        <div className="mr-auto min-w-0">
          <h2 className="truncate font-semibold text-sm tracking-tight">{name}</h2>
          <p className="truncate text-faint text-xs tabular-nums">
            {formatBytes(entry.sizeBytes)} · <span className="font-mono">{formatMode(entry)}</span>{" "}
            {formatOctal(entry.mode)} · {entry.uid}:{entry.gid} ·{" "}
            <time dateTime={entry.modifiedAt}>{new Date(entry.modifiedAt).toLocaleString("en-GB")}</time>
          </p>
        </div>
        {text && !editing && <CopyButton text={text.text} label="Copy the text" />}
        {writable && text && text.lineEnd !== "mixed" && !editing && (
          <Button size="sm" disabled={!fresh} onClick={() => edit(text)}>
            <SquarePen />
            Edit
          </Button>
        )}
        {entry.type === "file" && (
          <a
            href={contentAddress(container.id, entry.path)}
            download={entry.name}
            className={buttonStyle({ size: "sm" })}
          >
            <Download />
            Download
          </a>
        )}
        {writable && !editing && (
          <>
            <IconButton label="Rename" onClick={() => setAction({ kind: "rename", entry })}>
              <Pencil />
            </IconButton>
            <IconButton label="Delete" onClick={() => setAction({ kind: "delete", entry })}>
              <Trash2 />
            </IconButton>
          </>
        )}
      </header>
      {problem && !editing && (
        <div className="px-4 pb-4">
          <ProblemNotice problem={problem} />
        </div>
      )}
      {draft ? (
        <TextEditor container={container} draft={draft} />
      ) : (
        <Body entry={entry} content={content} failed={problem !== null} name={name} onOpen={onOpen} />
      )}
      <FileDialogs
        container={container}
        action={action}
        onEnd={() => setAction(null)}
        onChanged={(path) => onOpen(path ?? parentOf(entry.path))}
      />
    </article>
  );
}

type Text = Extract<Content, { kind: "text" }>;

/** What was read, and of which version of the file. */
interface Read {
  etag: string;
  content: Content | null;
  problem: Problem | null;
}

/** What is in a file. Of one that was changed, what was in it before stays, not `fresh`, until the new content is there. */
function useContent(id: string, entry: FileEntry, wanted: boolean) {
  const [read, setRead] = useState<Read | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tag changes with the content
  useEffect(() => {
    if (!wanted || entry.type !== "file") return;
    const call = new AbortController();
    readContent(id, entry, call.signal).then(
      (content) => setRead({ etag: entry.etag, content, problem: null }),
      (error: unknown) => {
        if (!call.signal.aborted) setRead({ etag: entry.etag, content: null, problem: problemFrom(error) });
      },
    );
    return () => call.abort();
  }, [id, entry.path, entry.etag, wanted]);
  return { content: read?.content ?? null, problem: read?.problem ?? null, fresh: read?.etag === entry.etag };
}

interface BodyProps {
  entry: FileEntry;
  content: Content | null;
  failed: boolean;
  name: string;
  onOpen: (path: string) => void;
}

function Body({ entry, content, failed, name, onOpen }: BodyProps) {
  if (entry.type === "symlink") return <Link entry={entry} onOpen={onOpen} />;
  if (entry.type !== "file") {
    return (
      <Nothing>
        A {describeType(entry)} has no content of its own: reading it would wait for whoever is behind it.
      </Nothing>
    );
  }
  if (failed) return null;
  if (!content) {
    return (
      <div role="status" aria-label="Loading the file" className="p-4">
        <BlockSkeleton className="h-64" />
      </div>
    );
  }
  return (
    <>
      {content.kind !== "image" && !content.whole && (
        <p className="border-b bg-warn-soft px-4 py-2 text-soft text-xs">
          These are its first {formatBytes(previewBytes)} of {formatBytes(entry.sizeBytes)}. Download it to see the
          rest.
        </p>
      )}
      {content.kind === "text" && content.lineEnd === "mixed" && (
        <p className="border-b bg-sunken/60 px-4 py-2 text-faint text-xs">
          Its lines end in different ways, which an editor in a page would not keep: it can be downloaded and uploaded.
        </p>
      )}
      {content.kind === "text" && <TextView name={name} text={content.text} />}
      {content.kind === "binary" && <HexView name={name} bytes={content.bytes} />}
      {content.kind === "image" && <ImageView name={name} blob={content.blob} />}
    </>
  );
}

function Link({ entry: { path, target }, onOpen }: { entry: FileEntry; onOpen: (path: string) => void }) {
  return (
    <Nothing>
      <span className="block">
        A link to <span className="break-all font-mono text-ink text-xs">{visibleName(target ?? "")}</span>, which is
        not there or leads in a ring.
      </span>
      <Button size="sm" className="mt-4" onClick={() => onOpen(resolvePath(parentOf(path), target ?? ""))}>
        Go where it points
      </Button>
    </Nothing>
  );
}

function Nothing({ children }: { children: React.ReactNode }) {
  return <div className="px-6 py-16 text-center text-soft text-sm">{children}</div>;
}

function IconButton({ label, onClick, children }: { label: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={label}
      title={label}
      className="any-pointer-coarse:size-10"
      onClick={onClick}
    >
      {children}
    </Button>
  );
}
