"use client";

import { Download, FolderPlus, RefreshCw, Upload } from "lucide-react";
import { type DragEvent, useMemo, useRef, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { FileListing } from "@/lib/contract/file.ts";
import { problemFrom } from "../api.ts";
import { formatCount } from "../format.ts";
import { Badge } from "../ui/badge.tsx";
import { Button, buttonStyle } from "../ui/button.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { cn } from "../ui/class-names.ts";
import { toastProblem } from "../ui/toaster.tsx";
import { archiveAddress } from "./addresses.ts";
import { makeDirectories, readDropped } from "./dropped-files.ts";
import { type FileAction, FileDialogs } from "./file-dialogs.tsx";
import { FileTable } from "./file-table.tsx";
import { arrange, type FileSort, joinPath, nameOf } from "./paths.ts";
import { uploadStore } from "./uploads.ts";

interface Props {
  container: Container;
  path: string;
  listing: FileListing;
  onOpen: (path: string) => void;
  onChanged: () => void;
}

/** A directory: what is in it, and what can be put there. */
export function DirectoryView({ container, path, listing, onOpen, onChanged }: Props) {
  const [order, setOrder] = useState<{ sort: FileSort; descending: boolean }>({ sort: "name", descending: false });
  const [hidden, setHidden] = useState(false);
  const [action, setAction] = useState<FileAction | null>(null);
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const entries = useMemo(() => arrange(listing.entries, { ...order, hidden }), [listing.entries, order, hidden]);
  const { writable } = listing;

  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!writable) return;
    try {
      const dropped = await readDropped(event.dataTransfer, path);
      await makeDirectories(container.id, dropped.directories);
      uploadStore.add(container.id, dropped.files);
      if (dropped.directories.length > 0) onChanged();
    } catch (error) {
      toastProblem(problemFrom(error));
    }
  };
  const pick = (files: FileList | null) => {
    uploadStore.add(
      container.id,
      Array.from(files ?? [], (file) => ({ path: joinPath(path, file.name), file })),
    );
    if (picker.current) picker.current.value = "";
  };
  const sort = (by: FileSort) =>
    setOrder((before) => ({ sort: by, descending: before.sort === by ? !before.descending : by !== "name" }));

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped here; the button does the same
    <div
      className="relative"
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Button size="sm" disabled={!writable} onClick={() => picker.current?.click()}>
          <Upload />
          Upload
        </Button>
        <input
          ref={picker}
          type="file"
          multiple
          aria-label="Files to upload"
          className="hidden"
          onChange={(event) => pick(event.target.files)}
        />
        <Button size="sm" disabled={!writable} onClick={() => setAction({ kind: "make-directory", directory: path })}>
          <FolderPlus />
          New folder
        </Button>
        <a
          href={archiveAddress(container.id, path)}
          download={`${path === "/" ? container.name : nameOf(path)}.tar`}
          className={buttonStyle({ size: "sm" })}
        >
          <Download />
          <span>
            Download<span className="max-sm:sr-only"> as tar</span>
          </span>
        </a>
        {!writable && <Badge tone="idle">Read-only</Badge>}
        <span className="ml-auto flex items-center gap-3 text-faint text-xs tabular-nums">
          <span className="max-sm:hidden">
            {formatCount(listing.entries.length, "entry", "entries")}
            {listing.truncated && ", and more that are not listed"}
          </span>
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox within renders an input */}
          <label className="flex items-center gap-1.5 any-pointer-coarse:min-h-10">
            <Checkbox checked={hidden} onCheckedChange={setHidden} />
            Hidden
          </label>
          <Button
            variant="ghost"
            size="icon"
            aria-label="Read again"
            title="Read again"
            className="any-pointer-coarse:size-10"
            onClick={onChanged}
          >
            <RefreshCw />
          </Button>
        </span>
      </div>
      <FileTable
        container={container}
        path={path}
        entries={entries}
        all={listing.entries.length}
        order={order}
        writable={writable}
        onSort={sort}
        onOpen={onOpen}
        onAction={setAction}
      />
      <div
        aria-hidden="true"
        className={cn(
          "pointer-events-none absolute inset-0 z-20 flex items-center justify-center rounded-xl border-2 border-accent border-dashed bg-accent-soft/85 font-medium transition-opacity",
          over ? "opacity-100" : "opacity-0",
        )}
      >
        {writable ? `Put into ${path}` : "This directory is read-only"}
      </div>
      <FileDialogs container={container} action={action} onEnd={() => setAction(null)} onChanged={onChanged} />
    </div>
  );
}
