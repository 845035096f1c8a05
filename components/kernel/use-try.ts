"use client";

import { useState } from "react";
import type { TriedSystemCall } from "@/lib/contract/kernel.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";

export interface Trial {
  /** The call that is being tried. */
  pending: string | null;
  result: TriedSystemCall | null;
  problem: Problem | null;
  run(call: string): Promise<void>;
}

/** Tries system calls against a container's filter, one at a time. */
export function useTry(containerId: string): Trial {
  const [pending, setPending] = useState<string | null>(null);
  const [result, setResult] = useState<TriedSystemCall | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (call: string) => {
    if (pending !== null) return;
    setPending(call);
    setProblem(null);
    try {
      setResult(await api.call("trySystemCall", { params: { name: containerId }, body: { call } }));
    } catch (error) {
      setResult(null);
      setProblem(problemFrom(error));
    } finally {
      setPending(null);
    }
  };
  return { pending, result, problem, run };
}
