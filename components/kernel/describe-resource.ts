import type { ControlResource, KernelView } from "@/lib/contract/kernel.ts";
import { formatBytes, formatDuration, formatPercent } from "../format.ts";

/** How much is in use, of what, and which part of it; null where there is no limit or no figure. */
export interface Use {
  text: string;
  of: string;
  share: number | null;
}

const nsPerSecond = 1e9;

/** What a resource comes to; the CPU's use is told from two readings. */
export function describeUse(resource: ControlResource, now: KernelView, before: KernelView | null): Use {
  const { name, use, limit, peak } = resource;
  switch (name) {
    case "memory":
      return {
        text: use === null ? "–" : formatBytes(use),
        of: [limit === null ? "no limit" : `of ${formatBytes(limit)}`, peak !== null && `peak ${formatBytes(peak)}`]
          .filter(Boolean)
          .join(", "),
        share: shareOf(use, limit),
      };
    case "cpu": {
      const perSecond = cpuPerSecond(resource, now, before);
      const cores = limit === null ? "no limit" : `of ${Number((limit / nsPerSecond).toFixed(2))} cores`;
      return {
        text: perSecond === null ? "–" : formatPercent((perSecond / nsPerSecond) * 100),
        of: use === null ? cores : `${cores}, ${formatDuration(use)} in all`,
        share: shareOf(perSecond, limit),
      };
    }
    case "pids":
      return {
        text: use === null ? "–" : use.toLocaleString("en-US"),
        of: limit === null ? "no limit" : `of ${limit.toLocaleString("en-US")}`,
        share: shareOf(use, limit),
      };
    case "io":
      return {
        text: formatBytes((resource.counts.readBytes ?? 0) + (resource.counts.writtenBytes ?? 0)),
        of: "read and written",
        share: null,
      };
  }
}

function shareOf(use: number | null, limit: number | null): number | null {
  return use === null || limit === null || limit <= 0 ? null : use / limit;
}

function cpuPerSecond({ use }: ControlResource, now: KernelView, before: KernelView | null): number | null {
  if (!before || before.pid !== now.pid) return null;
  const then = before.controlGroup?.resources.find(({ name }) => name === "cpu")?.use ?? null;
  const seconds = (Date.parse(now.at) - Date.parse(before.at)) / 1000;
  if (use === null || then === null || seconds <= 0 || use < then) return null;
  return (use - then) / seconds;
}

export interface ResourceEvent {
  label: string;
  value: string;
  /** It has cost the container something. */
  grave: boolean;
}

const events: Record<
  ControlResource["name"],
  { key: string; label: string; grave: boolean; format?: (n: number) => string }[]
> = {
  memory: [
    { key: "oomKills", label: "OOM kills", grave: true },
    { key: "limitHits", label: "limit reached", grave: false },
    { key: "swapBytes", label: "swap", grave: false, format: formatBytes },
  ],
  cpu: [{ key: "throttledNs", label: "held back for", grave: false, format: formatDuration }],
  pids: [{ key: "limitHits", label: "forks refused", grave: true }],
  io: [
    { key: "readBytes", label: "read", grave: false, format: formatBytes },
    { key: "writtenBytes", label: "written", grave: false, format: formatBytes },
  ],
};

/** What has happened, as far as the kernel counts it. */
export function eventsOf({ name, counts }: ControlResource): ResourceEvent[] {
  const { throttledPeriods, periods } = counts;
  const throttled =
    throttledPeriods === undefined || periods === undefined
      ? []
      : [{ label: "throttled", value: `${throttledPeriods} of ${periods} periods`, grave: false }];
  return [...throttled, ...countedOf(name, counts)];
}

function countedOf(name: ControlResource["name"], counts: ControlResource["counts"]): ResourceEvent[] {
  return events[name].flatMap(({ key, label, grave, format }) => {
    const count = counts[key];
    if (count === undefined) return [];
    return [{ label, value: format ? format(count) : count.toLocaleString("en-US"), grave: grave && count > 0 }];
  });
}

/** Why there is no figure for pressure. */
export function pressureAbsent(version: number): string {
  return version === 1 ? "version 1 keeps none" : "this kernel keeps none; psi=1 at boot turns it on";
}
