"use client";

import { memo } from "react";
import type { KernelDescriptor, KernelState, UnreadPart } from "@/lib/contract/kernel.ts";
import type { HandCommand } from "@/lib/contract/kernel-by-hand.ts";
import { formatCount } from "../format.ts";
import { oneLine } from "./kernel-text.ts";
import { Panel, Scrolling } from "./panel.tsx";

type Descriptors = NonNullable<KernelState["descriptors"]>;

const accesses: Record<string, string> = { r: "read", w: "write", b: "read and write", p: "path only" };

interface Props {
  descriptors: Descriptors;
  commands: readonly HandCommand[];
  unread: UnreadPart | undefined;
}

/** What each process has open. */
export const DescriptorsPanel = memo(function DescriptorsPanel({ descriptors, commands, unread }: Props) {
  const { total, processes } = descriptors;
  const listed = processes.reduce((sum, { items }) => sum + items.length, 0);
  return (
    <Panel
      title="Descriptors"
      summary={`${formatCount(total, "open descriptor")}${total > listed ? `, ${listed} shown` : ""}`}
      commands={commands}
      unread={unread}
    >
      <Scrolling label="Open descriptors" className="max-lg:max-h-96 lg:min-h-64 lg:flex-1 lg:basis-0">
        {processes.map((process) => (
          <Process key={process.hostPid} process={process} />
        ))}
      </Scrolling>
    </Panel>
  );
});

function Process({ process: { pid, hostPid, name, total, items } }: { process: Descriptors["processes"][number] }) {
  return (
    <div className="border-b px-4 py-2 last:border-b-0">
      <p className="flex items-baseline gap-2 text-xs">
        <span className="truncate font-medium font-mono">{oneLine(name)}</span>
        <span className="font-mono text-2xs text-faint tabular-nums">
          {pid} → {hostPid}
        </span>
        {total > items.length && <span className="ml-auto text-2xs text-faint">and {total - items.length} more</span>}
      </p>
      <ul className="mt-1">
        {items.map((descriptor) => (
          <Descriptor key={descriptor.number} descriptor={descriptor} />
        ))}
      </ul>
    </div>
  );
}

function Descriptor({ descriptor: { number, target, access, closesOnExec } }: { descriptor: KernelDescriptor }) {
  const says = accesses[access] ?? "unknown";
  return (
    <li className="grid grid-cols-[1.5rem_minmax(0,1fr)_auto] items-baseline gap-2 font-mono text-2xs leading-5">
      <span className="text-right text-faint tabular-nums">{number}</span>
      <span className="truncate" title={oneLine(target)}>
        {oneLine(target)}
      </span>
      <span className="text-faint" title={closesOnExec ? `${says}, closed by execve` : says}>
        {access === "b" ? "rw" : access}
        {closesOnExec && " cx"}
      </span>
    </li>
  );
}
