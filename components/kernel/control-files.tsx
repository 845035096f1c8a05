"use client";

import { ChevronRight } from "lucide-react";
import type { ControlFile } from "@/lib/contract/kernel.ts";
import { formatCount } from "../format.ts";
import { Disclosure } from "../ui/disclosure.tsx";

/** The files of a controller as they read now; opened by who wants to see them. */
export function ControlFiles({ files }: { files: readonly ControlFile[] }) {
  return (
    <Disclosure
      className="group mt-1.5"
      summary={
        <summary className="flex w-fit cursor-pointer list-none items-center gap-1 rounded text-2xs text-soft hover:text-ink any-pointer-coarse:min-h-10 [&::-webkit-details-marker]:hidden">
          <ChevronRight className="size-3 transition-transform group-open:rotate-90" aria-hidden="true" />
          {formatCount(files.length, "file")}
        </summary>
      }
    >
      <dl className="mt-1 grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-x-3 gap-y-1 rounded-md bg-sunken px-3 py-2 font-mono text-2xs">
        {files.map(({ path, role, text }) => (
          <div key={path} className="contents">
            <dt className="truncate text-faint" title={path}>
              {path.slice(path.lastIndexOf("/") + 1)}
              <span className="sr-only">, {role}</span>
            </dt>
            <dd className="wrap-anywhere whitespace-pre-wrap text-soft">{text.trimEnd() || "(empty)"}</dd>
          </div>
        ))}
      </dl>
    </Disclosure>
  );
}
