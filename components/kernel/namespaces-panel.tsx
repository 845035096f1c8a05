"use client";

import { memo } from "react";
import type { KernelNamespace, UnreadPart } from "@/lib/contract/kernel.ts";
import type { HandCommand } from "@/lib/contract/kernel-by-hand.ts";
import { cn } from "../ui/class-names.ts";
import { Panel } from "./panel.tsx";

/** What is the container's own, or the host's, by the kind of a namespace. */
const texts: Record<KernelNamespace["kind"], { name: string; own: string; shared: string }> = {
  pid: { name: "Processes", own: "Counts from 1, sees only its own", shared: "Sees every process of the host" },
  mnt: { name: "Mounts", own: "A tree of mounts of its own", shared: "Mounts where the host does" },
  net: { name: "Network", own: "Interfaces, routes, ports of its own", shared: "On the host's interfaces and ports" },
  user: { name: "Users", own: "Its root is an ordinary user outside", shared: "Its root is the host's root, confined" },
  ipc: { name: "IPC", own: "Shared memory and queues of its own", shared: "The host's shared memory and queues" },
  uts: { name: "Host name", own: "A host name of its own", shared: "The host's name" },
  cgroup: { name: "Control groups", own: "Takes its own group for the root", shared: "Sees the host's groups" },
  time: { name: "Clocks", own: "Boot and monotonic clock of its own", shared: "The host's boot clock" },
};
const order = Object.keys(texts);

interface Props {
  namespaces: readonly KernelNamespace[];
  commands: readonly HandCommand[];
  unread: UnreadPart | undefined;
}

/** Each namespace of the container beside the host's of the same kind: one inode is one namespace. */
export const NamespacesPanel = memo(function NamespacesPanel({ namespaces, commands, unread }: Props) {
  const own = namespaces.filter(({ own }) => own).length;
  const sorted = [...namespaces].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return (
    <Panel
      title="Namespaces"
      summary={`${own} its own, ${namespaces.length - own} the host's`}
      commands={commands}
      unread={unread}
    >
      <ul className="grid grid-cols-2 gap-px bg-line md:grid-cols-4 xl:grid-cols-8">
        {sorted.map((space) => (
          <Space key={space.kind} space={space} />
        ))}
      </ul>
    </Panel>
  );
});

function Space({ space }: { space: KernelNamespace }) {
  const { kind, inode, hostInode, own } = space;
  const { name, ...says } = texts[kind];
  return (
    <li className="flex flex-col bg-surface px-4 pt-3 pb-3.5 xl:px-3.5" data-kind={kind} data-own={own}>
      <p className="font-medium font-mono text-sm">{kind}</p>
      <p className="text-2xs text-faint">{name}</p>
      <Drawing own={own} />
      <p className={cn("font-mono text-xs tabular-nums", own ? "text-child-ink" : "text-host-ink")}>{inode ?? "–"}</p>
      <p className="font-mono text-2xs text-faint tabular-nums">{own ? `host ${hostInode ?? "–"}` : "the host's"}</p>
      <p className="mt-1.5 text-pretty text-2xs text-soft">{own ? says.own : says.shared}</p>
    </li>
  );
}

/** Two circles: apart where the container has one of its own, one in the other where it is in the host's. */
function Drawing({ own }: { own: boolean }) {
  return (
    <svg viewBox="0 0 96 28" className="mt-2 mb-2 h-7 w-24" aria-hidden="true">
      {own ? (
        <>
          <line x1="26" y1="14" x2="58" y2="14" className="stroke-line-strong" strokeDasharray="2 3" />
          <circle cx="14" cy="14" r="11" className="fill-child/20 stroke-child" strokeWidth="1.5" />
          <circle cx="14" cy="14" r="4" className="fill-child" />
          <circle cx="70" cy="14" r="11" className="fill-host/10 stroke-host/60" strokeWidth="1.5" />
        </>
      ) : (
        <>
          <circle cx="14" cy="14" r="11" className="fill-host/15 stroke-host" strokeWidth="1.5" />
          <circle cx="14" cy="14" r="4" className="fill-child" />
        </>
      )}
    </svg>
  );
}
