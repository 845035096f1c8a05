"use client";

import { useSyncExternalStore } from "react";
import type { HostStats, StatsSample } from "@/lib/contract/stats.ts";
import { type StatsStatus, stats } from "./stats.ts";

/** What the machine has and uses; null until that is known. */
export function useHostStats(): HostStats | null {
  return useSyncExternalStore(stats.subscribe, stats.host, () => null);
}

/** What a container uses; null until that is known, and while it does not run. */
export function useSample(containerId: string): StatsSample | null {
  return useSyncExternalStore(
    stats.subscribe,
    () => stats.sample(containerId),
    () => null,
  );
}

export function useStatsStatus(): StatsStatus {
  return useSyncExternalStore(stats.subscribe, stats.status, () => "waiting");
}
