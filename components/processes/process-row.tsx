"use client";

import { Ellipsis } from "lucide-react";
import { memo } from "react";
import { SignalItems } from "../container/signal-items.tsx";
import type { Signal } from "../container/signals.ts";
import { stripControls } from "../container/strip-controls.ts";
import { formatBytes, formatPercent, formatSpan } from "../format.ts";
import { useNow } from "../live/clock.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { Menu } from "../ui/menu.tsx";
import { describeProcessState, type Process, type Row } from "./process-model.ts";
import { TreeIndent } from "./tree-indent.tsx";

export const rowHeight = 44;
/** Cells that a narrow screen leaves out. */
export const wide = "max-md:hidden";

interface Props {
  row: Row;
  index: number;
  live: boolean;
  onSignal: (process: Process, signal: Signal) => void;
}

/** One process: what it says of itself is the container's word, shown without control characters. */
export const ProcessRow = memo(function ProcessRow({ row: { process, depth }, index, live, onSignal }: Props) {
  const { pid, hostPid, state, cpuPercent, memoryBytes, cpuSeconds, threads } = process;
  return (
    <tr
      aria-rowindex={index + 2}
      className="border-b tabular-nums last:border-b-0 hover:bg-hover"
      style={{ height: rowHeight }}
    >
      <th scope="row" className={cn("pr-2 pl-4 font-medium", wide)}>
        {pid}
      </th>
      <td className={cn("px-2 text-faint", wide)}>{hostPid}</td>
      <td className={cn("truncate px-2 text-soft", wide)}>{userOf(process)}</td>
      <td className="overflow-hidden px-2 max-md:pl-4">
        <Command process={process} depth={depth} />
      </td>
      <td className={cn("px-2 text-soft", wide)} title={describeProcessState(state)}>
        <span className={cn(state === "R" && "text-ok", state === "Z" && "text-bad")}>{state}</span>
        <span className="sr-only">: {describeProcessState(state)}</span>
      </td>
      <td className="px-2 text-right">{cpuPercent === null ? "–" : formatPercent(cpuPercent)}</td>
      <td
        className="whitespace-nowrap px-2 text-right"
        title={`Resident, in ${threads === 1 ? "1 thread" : `${threads} threads`}`}
      >
        {formatBytes(memoryBytes)}
      </td>
      <td className={cn("px-2 text-right text-soft", wide)}>{cpuSeconds.toFixed(1)} s</td>
      <td className={cn("px-2 text-right text-soft", wide)}>
        <Age since={process.startedAt} />
      </td>
      <td className="pr-2 text-right">
        {live && (
          <Menu
            trigger={
              <Button
                variant="ghost"
                size="icon"
                aria-label={`Send a signal to process ${pid}`}
                className="any-pointer-coarse:size-10"
              >
                <Ellipsis />
              </Button>
            }
          >
            <SignalItems onSignal={(signal) => onSignal(process, signal)} />
          </Menu>
        )}
      </td>
    </tr>
  );
});

const oneLine = (text: string) => stripControls(text).replaceAll("\n", " ");

function userOf({ user, uid }: Process): string {
  return user === null ? String(uid) : oneLine(user);
}

function Command({ process, depth }: { process: Process; depth: number }) {
  const { pid, name, command, state } = process;
  const line = oneLine(command.join(" "));
  return (
    <TreeIndent depth={depth}>
      <div className="min-w-0">
        <span className="block truncate font-mono text-xs" title={line || oneLine(name)}>
          {line || <span className="text-soft">[{oneLine(name)}]</span>}
        </span>
        <span className="block truncate text-2xs text-faint md:hidden">
          {pid} · {userOf(process)} · {describeProcessState(state)}
        </span>
      </div>
    </TreeIndent>
  );
}

function Age({ since }: { since: string }) {
  return formatSpan(since, useNow());
}
