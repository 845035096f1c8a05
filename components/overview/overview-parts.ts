import type { ContainerState } from "@/lib/contract/container.ts";

interface Part {
  states: readonly ContainerState[];
  sort: "-startedAt" | "-createdAt";
  limit: number;
}

/** The containers that the overview needs: all that run, and the latest of those that ended or never began. */
export const overviewParts: readonly Part[] = [
  { states: ["running", "paused", "starting", "stopping", "restarting"], sort: "-startedAt", limit: 1000 },
  { states: ["exited", "lost"], sort: "-startedAt", limit: 50 },
  { states: ["created"], sort: "-createdAt", limit: 20 },
];
