"use client";

import { type ReactNode, useEffect, useState } from "react";
import { formatBytes, formatSpan } from "../format.ts";
import { stats } from "../live/stats.ts";
import { useHostStats, useStatsStatus } from "../live/use-stats.ts";
import { cn } from "../ui/class-names.ts";
import { Meter } from "../ui/meter.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Sparkline } from "../ui/sparkline.tsx";

const remembered = 90;

/** What the machine has and how much of it is in use, live. */
export function HostTiles() {
  const host = useHostStats();
  const status = useStatsStatus();
  const processor = useRecent(() => stats.host()?.cpuPercent ?? null);
  const memory = useRecent(() => usedMemory(stats.host()));
  if (!host) return <Waiting away={status === "away"} />;
  const used = usedMemory(host) ?? 0;
  const diskUsed = host.diskBytes - host.diskFreeBytes;
  return (
    <section
      aria-label="The machine"
      className={cn("grid gap-4 transition-opacity sm:grid-cols-2 lg:grid-cols-4", status === "away" && "opacity-60")}
    >
      <Tile
        name="CPU"
        value={host.cpuPercent === null ? "…" : `${host.cpuPercent.toFixed(0)} %`}
        detail={`${host.cores} ${host.cores === 1 ? "core" : "cores"}`}
      >
        <Sparkline values={processor} length={remembered} max={100} className="h-9 w-full" />
      </Tile>
      <Tile name="Memory" value={formatBytes(used)} detail={`of ${formatBytes(host.memoryBytes)}`}>
        <Sparkline values={memory} length={remembered} max={host.memoryBytes} className="h-9 w-full" />
      </Tile>
      <Tile name="Disk" value={formatBytes(diskUsed)} detail={`of ${formatBytes(host.diskBytes)}`}>
        <p className="text-faint text-xs">{formatBytes(host.diskFreeBytes)} free for containers and their logs</p>
        <Meter
          label="Disk"
          value={host.diskBytes > 0 ? diskUsed / host.diskBytes : 0}
          text={`${formatBytes(diskUsed)} of ${formatBytes(host.diskBytes)}`}
          className="mt-auto"
        />
      </Tile>
      <Tile name="Load" value={host.load[0].toFixed(2)} detail={`up ${formatSpan(0, host.uptimeSeconds * 1000)}`}>
        <p className="text-faint text-xs tabular-nums">
          {host.load[1].toFixed(2)} over 5 min, {host.load[2].toFixed(2)} over 15 min
        </p>
        <Meter
          label="Load by core"
          value={host.load[0] / host.cores}
          text={`${host.load[0].toFixed(2)} on ${host.cores} cores`}
          className="mt-auto"
        />
      </Tile>
    </section>
  );
}

function usedMemory(host: { memoryBytes: number; memoryAvailableBytes: number } | null): number | null {
  return host && host.memoryBytes - host.memoryAvailableBytes;
}

/** The last values of something that is read at every sample. */
function useRecent(read: () => number | null): readonly number[] {
  const [values, setValues] = useState<readonly number[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is read does not change, only its value
  useEffect(
    () =>
      stats.subscribe(() => {
        const value = read();
        if (value !== null) setValues((before) => [...before.slice(1 - remembered), value]);
      }),
    [],
  );
  return values;
}

function Tile({ name, value, detail, children }: { name: string; value: string; detail: string; children: ReactNode }) {
  return (
    <div className="flex h-30 flex-col rounded-xl border bg-surface px-4 pt-3 pb-3.5 shadow-card">
      <h2 className="text-faint text-xs">{name}</h2>
      <p className="mt-0.5 flex items-baseline gap-2">
        <span className="font-semibold text-xl tabular-nums tracking-[-0.02em]">{value}</span>
        <span className="truncate text-faint text-xs tabular-nums">{detail}</span>
      </p>
      <div className="mt-auto flex h-9 flex-col">{children}</div>
    </div>
  );
}

function Waiting({ away }: { away: boolean }) {
  if (away) {
    return (
      <p
        role="status"
        className="flex h-30 items-center justify-center text-pretty rounded-xl border border-dashed px-6 text-center text-soft text-sm"
      >
        What the machine uses is not known now. It is shown as soon as the worker tells it.
      </p>
    );
  }
  return (
    <div role="status" aria-label="Asking the machine" className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
      {["CPU", "Memory", "Disk", "Load"].map((name) => (
        <div key={name} className="h-30 rounded-xl border bg-surface px-4 py-3 shadow-card">
          <span className="text-faint text-xs">{name}</span>
          <Skeleton className="mt-1.5 h-6 w-24" />
          <Skeleton className="mt-6 h-4 w-full" />
        </div>
      ))}
    </div>
  );
}
