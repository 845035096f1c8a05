"use client";

import { useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import type { ProcessList } from "@/lib/contract/stats.ts";
import { api, problemFrom } from "../api.ts";
import { isRunning } from "../containers/describe.ts";
import { type Process, withShares } from "./process-model.ts";

const everyMs = 2_000;

interface Processes {
  list: ProcessList | null;
  processes: readonly Process[];
  /** Why the last reading failed; what is shown is then older. */
  problem: Problem | null;
}

/** A container's processes, read every two seconds while it runs and the page is seen. They stay when it ends. */
export function useProcesses(container: Container): Processes & { refresh: () => void } {
  const [state, setState] = useState<Processes>({ list: null, processes: [], problem: null });
  const [asked, setAsked] = useState(0);
  const running = isRunning(container);
  const { id } = container;
  // biome-ignore lint/correctness/useExhaustiveDependencies: being asked is a reason to read at once
  useEffect(() => {
    if (!running) return;
    const call = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      if (!document.hidden) {
        try {
          const list = await api.call("listProcesses", { params: { name: id }, signal: call.signal });
          setState((before) => ({ list, processes: withShares(list, before.list), problem: null }));
        } catch (error) {
          if (call.signal.aborted) return;
          setState((before) => ({ ...before, problem: problemFrom(error) }));
        }
      }
      timer = setTimeout(() => void read(), everyMs);
    };
    void read();
    return () => {
      clearTimeout(timer);
      call.abort();
    };
  }, [id, running, asked]);
  return { ...state, refresh: () => setAsked((before) => before + 1) };
}
