"use client";

import { Download, Ellipsis, Pencil, Trash2 } from "lucide-react";
import { memo } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { FileEntry } from "@/lib/contract/file.ts";
import { formatBytes } from "../format.ts";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import { archiveAddress, contentAddress } from "./addresses.ts";
import type { FileAction } from "./file-dialogs.tsx";
import { describeType, FileIcon, visibleName } from "./file-name.tsx";
import { formatMode, formatOctal } from "./paths.ts";

export const rowHeight = 42;

interface Props {
  container: Container;
  entry: FileEntry;
  index: number;
  writable: boolean;
  onFocus: (path: string) => void;
  onOpen: (path: string) => void;
  onAction: (action: FileAction) => void;
}

/** One entry of a directory; its name is a link to it. */
export const FileRow = memo(function FileRow(props: Props) {
  const { container, entry, index, onFocus, onOpen } = props;
  const { name, path, type, sizeBytes, uid, gid, modifiedAt, target } = entry;
  const shown = visibleName(name);
  return (
    <tr
      aria-rowindex={index + 2}
      data-entry={path}
      className="relative border-b last:border-b-0 focus-within:bg-hover hover:bg-hover"
      style={{ height: rowHeight }}
    >
      <th scope="row" className="min-w-0 pl-4 font-normal">
        <a
          href={`/containers/${container.name}?${new URLSearchParams({ tab: "files", path })}`}
          onFocus={() => onFocus(path)}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            onOpen(path);
          }}
          className="flex min-w-0 items-center gap-2 rounded outline-offset-[-1px] after:absolute after:inset-0"
        >
          <FileIcon entry={entry} />
          <span className="min-w-0">
            <span className="block truncate">
              {shown}
              {target !== null && <span className="text-faint"> → {visibleName(target)}</span>}
            </span>
            <span className="block truncate text-2xs text-faint tabular-nums sm:hidden">
              {type === "file" ? formatBytes(sizeBytes) : describeType(entry)} ·{" "}
              <span className="font-mono">{formatMode(entry)}</span> · {formatModified(modifiedAt)}
            </span>
          </span>
          <span className="sr-only">, {describeType(entry)}</span>
        </a>
      </th>
      <td className="whitespace-nowrap px-2 text-right text-soft tabular-nums max-sm:hidden">
        {type === "file" ? formatBytes(sizeBytes) : <span className="text-faint">{describeType(entry)}</span>}
      </td>
      <td className="whitespace-nowrap px-3 font-mono text-soft text-xs max-md:hidden">
        {formatMode(entry)} <span className="text-faint">{formatOctal(entry.mode)}</span>
      </td>
      <td className="px-2 text-soft text-xs tabular-nums max-lg:hidden" title="User and group, as the container counts">
        {uid}:{gid}
      </td>
      <td className="whitespace-nowrap px-2 text-soft text-xs tabular-nums max-md:hidden">
        <time dateTime={modifiedAt}>{formatModified(modifiedAt)}</time>
      </td>
      <td className="pr-2 text-right">
        <RowMenu {...props} />
      </td>
    </tr>
  );
});

function RowMenu({ container, entry, writable, onAction }: Props) {
  const { name, path, type } = entry;
  const shown = visibleName(name);
  return (
    <Menu
      trigger={
        <Button
          variant="ghost"
          size="icon"
          aria-label={`Actions of ${shown}`}
          className="relative z-1 any-pointer-coarse:size-10"
        >
          <Ellipsis />
        </Button>
      }
    >
      {type === "file" && (
        <MenuItem render={<a href={contentAddress(container.id, path)} download={name} aria-label="Download" />}>
          <Download />
          Download
        </MenuItem>
      )}
      <MenuItem
        render={<a href={archiveAddress(container.id, path)} download={`${name}.tar`} aria-label="Download as tar" />}
      >
        <Download />
        Download as tar
      </MenuItem>
      {writable && (
        <>
          <MenuSeparator />
          <MenuItem onClick={() => onAction({ kind: "rename", entry })}>
            <Pencil />
            Rename…
          </MenuItem>
          <MenuItem danger onClick={() => onAction({ kind: "delete", entry })}>
            <Trash2 />
            Delete…
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

function formatModified(at: string): string {
  const date = new Date(at);
  const day = date.toLocaleDateString("en-GB", { day: "2-digit", month: "short", year: "numeric" });
  return `${day} ${date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`;
}
