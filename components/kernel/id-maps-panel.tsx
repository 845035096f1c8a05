"use client";

import { memo } from "react";
import type { IdRange, KernelState, UnreadPart } from "@/lib/contract/kernel.ts";
import type { HandCommand } from "@/lib/contract/kernel-by-hand.ts";
import { Absent, Panel } from "./panel.tsx";

const wholeRange = 4_294_967_295;

interface Props {
  idMaps: NonNullable<KernelState["idMaps"]>;
  commands: readonly HandCommand[];
  unread: UnreadPart | undefined;
}

/** Who the container's users are for the host. */
export const IdMapsPanel = memo(function IdMapsPanel({ idMaps, commands, unread }: Props) {
  const { uids, gids, setgroups } = idMaps;
  const same = [...uids, ...gids].every(({ inside, outside, count }) => inside === outside && count === wholeRange);
  return (
    <Panel title="Id maps" summary={same ? "the host's own ids" : "ids of its own"} commands={commands} unread={unread}>
      <div className="grid gap-3 px-4 py-3">
        <Ranges title="Users" ranges={uids} />
        <Ranges title="Groups" ranges={gids} />
      </div>
      <Absent className="mt-auto border-t">
        {same
          ? "It has no user namespace of its own: root inside is the host's root, held by capabilities, seccomp and mounts alone. "
          : "Root inside is an ordinary user of the host. "}
        setgroups is {setgroups ? "allowed" : "denied"}.
      </Absent>
    </Panel>
  );
});

function Ranges({ title, ranges }: { title: string; ranges: readonly IdRange[] }) {
  return (
    <div>
      <p className="mb-1 text-faint text-xs">{title}</p>
      {ranges.length === 0 && <p className="text-soft text-xs">None is mapped: everybody is nobody.</p>}
      <ul className="flex flex-col gap-1.5">
        {ranges.map(({ inside, outside, count }) => (
          <li
            key={inside}
            className="grid grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)] items-center gap-2 font-mono text-2xs tabular-nums"
          >
            <span className="truncate rounded-md border border-child/50 bg-child/10 px-2 py-1">
              {rangeText(inside, count)}
            </span>
            <span aria-hidden="true" className="text-faint">
              →
            </span>
            <span className="truncate rounded-md border border-host/50 bg-host/10 px-2 py-1">
              {rangeText(outside, count)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function rangeText(first: number, count: number): string {
  return count === 1 ? String(first) : `${first} … ${first + count - 1}`;
}
