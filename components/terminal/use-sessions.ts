"use client";

import { useCallback, useEffect, useState } from "react";
import type { SessionInfo } from "@/lib/contract/session.ts";
import { api } from "../api.ts";

/** A container's sessions; null until they are known. `reload` reads them again. */
export function useSessions(containerId: string, running: boolean) {
  const [sessions, setSessions] = useState<readonly SessionInfo[] | null>(null);
  const reload = useCallback(async () => {
    const { items } = await api.call("listSessions", { params: { name: containerId } });
    setSessions(items);
  }, [containerId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: sessions end with the container
  useEffect(() => {
    reload().catch(() => {
      // The terminal's own stream says what is wrong; the list comes with the next try.
    });
  }, [reload, running]);
  return { sessions, reload };
}
