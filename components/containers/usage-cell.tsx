"use client";

import type { Container } from "@/lib/contract/container.ts";
import { formatBytes } from "../format.ts";
import { useSample } from "../live/use-stats.ts";
import { Meter } from "../ui/meter.tsx";
import { isRunning } from "./describe.ts";

/** What a container uses now of one thing, as a number over a bar of its limit. Empty while it does not run. */
export function UsageCell({ container, of }: { container: Container; of: "cpu" | "memory" }) {
  const sample = useSample(container.id);
  if (!isRunning(container)) return <span className="text-faint text-xs max-md:hidden">–</span>;
  const value = of === "cpu" ? sample?.cpu.percent : sample?.memory.currentBytes;
  if (value === null || value === undefined) return <span className="text-faint text-xs">…</span>;
  const { limits } = container;
  const limit = of === "cpu" ? limits.cpus * 100 : limits.memoryBytes;
  const words = of === "cpu" ? `${value.toFixed(value < 10 ? 1 : 0)} %` : formatBytes(value);
  const limitWords = of === "cpu" ? `${limits.cpus} CPU` : formatBytes(limits.memoryBytes);
  return (
    <span className="block">
      <span className="flex items-baseline justify-between gap-2 text-xs tabular-nums">
        <span className="whitespace-nowrap">{words}</span>
        <span className="truncate whitespace-nowrap text-2xs text-faint">{limitWords}</span>
      </span>
      <Meter
        label={`${of === "cpu" ? "CPU" : "Memory"} of ${container.name}`}
        value={limit > 0 ? value / limit : 0}
        text={`${words} of ${limitWords}`}
        className="mt-1"
      />
    </span>
  );
}
