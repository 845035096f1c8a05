"use client";

import { FolderOpen } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { FileEntry } from "@/lib/contract/file.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { SortHead } from "../ui/sort-head.tsx";
import { VirtualTable, type VirtualTableHandle } from "../ui/virtual-table.tsx";
import type { FileAction } from "./file-dialogs.tsx";
import { FileRow, rowHeight } from "./file-row.tsx";
import { type FileSort, parentOf } from "./paths.ts";

interface Props {
  container: Container;
  path: string;
  entries: readonly FileEntry[];
  /** How many there are with the hidden ones. */
  all: number;
  order: { sort: FileSort; descending: boolean };
  writable: boolean;
  onSort: (sort: FileSort) => void;
  onOpen: (path: string) => void;
  onAction: (action: FileAction) => void;
}

/**
 * The entries of a directory. Arrow keys, Home and End move, Enter opens, Backspace goes up, F2 renames, Delete asks
 * whether to delete.
 */
export function FileTable({ container, path, entries, all, order, writable, onSort, onOpen, onAction }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const table = useRef<VirtualTableHandle>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  useEffect(() => {
    if (chosen !== null) box.current?.querySelector<HTMLElement>(`[data-entry="${CSS.escape(chosen)}"] a`)?.focus();
  }, [chosen]);

  const choose = (index: number) => {
    const next = Math.min(Math.max(index, 0), entries.length - 1);
    table.current?.show(next);
    // The row may have to be drawn first.
    requestAnimationFrame(() => setChosen(entries[next]?.path ?? null));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // A menu that is open has keys of its own; React has them come by here all the same.
    if (!(event.target instanceof Element) || !box.current?.contains(event.target)) return;
    const focused = event.target.closest<HTMLElement>("[data-entry]")?.dataset.entry;
    const entry = entries.find(({ path }) => path === focused);
    const at = entries.findIndex(({ path }) => path === (focused ?? chosen));
    const does: Record<string, (() => void) | undefined> = {
      ArrowDown: () => choose(at + 1),
      ArrowUp: () => choose(at - 1),
      Home: () => choose(0),
      End: () => choose(entries.length - 1),
      PageDown: () => choose(at + 10),
      PageUp: () => choose(at - 10),
      Backspace: () => onOpen(parentOf(path)),
      F2: entry && writable ? () => onAction({ kind: "rename", entry }) : undefined,
      Delete: entry && writable ? () => onAction({ kind: "delete", entry }) : undefined,
    };
    const act = does[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };

  if (entries.length === 0) return <Nothing hidden={all} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the rows within
    <div ref={box} onKeyDown={onKeyDown}>
      <VirtualTable
        ref={table}
        label={`Files in ${path}`}
        count={entries.length}
        rowHeight={rowHeight}
        keyOf={(index) => entries[index]?.path ?? index}
        className="max-h-[max(24rem,calc(100dvh-23rem))]"
        head={<Head order={order} onSort={onSort} />}
        row={(index) => {
          const entry = entries[index];
          return (
            entry && (
              <FileRow
                key={entry.path}
                container={container}
                entry={entry}
                index={index}
                writable={writable}
                onFocus={setChosen}
                onOpen={onOpen}
                onAction={onAction}
              />
            )
          );
        }}
      />
    </div>
  );
}

function Head({ order, onSort }: Pick<Props, "order" | "onSort">) {
  const sorts = (sort: FileSort) => ({
    sorted: order.sort === sort ? (order.descending ? ("descending" as const) : ("ascending" as const)) : null,
    onSort: () => onSort(sort),
  });
  return (
    <tr>
      <SortHead {...sorts("name")} className="pl-4">
        Name
      </SortHead>
      <SortHead {...sorts("size")} end className="w-24 max-sm:hidden">
        Size
      </SortHead>
      <th scope="col" className="w-44 px-3 font-medium max-md:hidden">
        Permissions
      </th>
      <th scope="col" className="w-28 px-2 font-medium max-lg:hidden">
        Owner
      </th>
      <SortHead {...sorts("modified")} className="w-44 max-md:hidden">
        Modified
      </SortHead>
      <th scope="col" className="w-13">
        <span className="sr-only">Actions</span>
      </th>
    </tr>
  );
}

function Nothing({ hidden }: { hidden: number }) {
  return (
    <EmptyState icon={<FolderOpen />} title={hidden > 0 ? "Only hidden files" : "An empty directory"}>
      {hidden > 0 ? "Tick “Hidden” to see them." : "Drop files here, or press Upload."}
    </EmptyState>
  );
}
