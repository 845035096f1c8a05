"use client";

import { memo, useMemo } from "react";
import type { KernelProcess, KernelState, KernelView, UnreadPart } from "@/lib/contract/kernel.ts";
import type { HandCommand } from "@/lib/contract/kernel-by-hand.ts";
import { formatBytes, formatCount, formatPercent } from "../format.ts";
import { describeProcessState } from "../processes/process-model.ts";
import { TreeIndent } from "../processes/tree-indent.tsx";
import { cn } from "../ui/class-names.ts";
import { VirtualTable } from "../ui/virtual-table.tsx";
import { Changed } from "./changed.tsx";
import { oneLine } from "./kernel-text.ts";
import { Panel } from "./panel.tsx";
import { cpuPercentOf, processTree, type TreeRow } from "./process-tree.ts";

const rowHeight = 32;
const wide = "max-md:hidden";

interface Props {
  processes: NonNullable<KernelState["processes"]>;
  now: KernelView;
  before: KernelView | null;
  commands: readonly HandCommand[];
  unread: UnreadPart | undefined;
}

/** The process tree, each process by its number inside and outside. */
export const ProcessesPanel = memo(function ProcessesPanel({ processes, now, before, commands, unread }: Props) {
  const { total, items } = processes;
  const rows = useMemo(() => processTree(items), [items]);
  const left = total > items.length ? `, the first ${items.length.toLocaleString("en-US")} are shown` : "";
  return (
    <Panel
      title="Process tree"
      summary={formatCount(total, "process", "processes") + left}
      commands={commands}
      unread={unread}
    >
      <VirtualTable
        label="Every process"
        framed={false}
        count={rows.length}
        rowHeight={rowHeight}
        keyOf={(index) => rows[index]?.process.hostPid ?? index}
        className="max-h-112"
        head={<Head />}
        row={(index) => {
          const row = rows[index];
          return (
            row && (
              <Row key={row.process.hostPid} row={row} index={index} percent={cpuPercentOf(row.process, now, before)} />
            )
          );
        }}
      />
    </Panel>
  );
});

function Head() {
  return (
    <tr className="h-9">
      <th scope="col" className="w-24 pl-4 font-medium md:w-32">
        Inside <span aria-hidden="true">→</span> host
      </th>
      <th scope="col" className="px-2 font-medium">
        Command
      </th>
      <th scope="col" className={cn("w-14 px-2 font-medium", wide)}>
        State
      </th>
      <th scope="col" className="w-13 px-1 text-right font-medium md:w-16 md:px-2">
        CPU
      </th>
      <th scope="col" className="w-18 pr-4 pl-1 text-right font-medium md:w-24 md:pl-2">
        Memory
      </th>
    </tr>
  );
}

function Row({ row, index, percent }: { row: TreeRow; index: number; percent: number | null }) {
  const { process, depth } = row;
  const { pid, hostPid, state, memoryBytes, uid } = process;
  return (
    <tr
      aria-rowindex={index + 2}
      className="border-b text-xs tabular-nums last:border-b-0 hover:bg-hover"
      style={{ height: rowHeight }}
    >
      <th
        scope="row"
        className="whitespace-nowrap pl-4 font-medium font-mono max-md:text-2xs"
        title={`user ${uid} on the host`}
      >
        {pid === 0 ? "–" : pid}
        <span className="text-faint"> → {hostPid}</span>
      </th>
      <td className="overflow-hidden px-2">
        <Command process={process} depth={depth} />
      </td>
      <td className={cn("px-2 font-mono", wide)} title={describeProcessState(state)}>
        <span className={cn("text-soft", state === "R" && "text-ok", state === "Z" && "text-bad")}>{state}</span>
        <span className="sr-only">: {describeProcessState(state)}</span>
      </td>
      <td className="px-1 text-right md:px-2">
        <Changed>{percent === null ? "–" : formatPercent(percent)}</Changed>
      </td>
      <td className="whitespace-nowrap pr-4 pl-1 text-right md:pl-2">
        <Changed>{formatBytes(memoryBytes)}</Changed>
      </td>
    </tr>
  );
}

function Command({ process: { command, name }, depth }: { process: KernelProcess; depth: number }) {
  const line = oneLine(command.join(" "));
  return (
    <TreeIndent depth={depth}>
      <span className="block truncate font-mono" title={line || oneLine(name)}>
        {line || <span className="text-soft">[{oneLine(name)}]</span>}
      </span>
    </TreeIndent>
  );
}
