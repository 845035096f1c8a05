"use client";

import { useCallback, useEffect, useState } from "react";
import type { LabRun } from "@/lib/contract/lab.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";

const lookMs = 1_000;

export interface LabRunView {
  run: LabRun | null;
  /** A start or an end is under way. */
  pending: "start" | "end" | null;
  problem: Problem | null;
  start(): Promise<void>;
  end(): Promise<void>;
}

/**
 * This person's run of a lab, asked after each second while the page is looked at: that keeps it alive, too. `initial`
 * is undefined where the server did not know.
 */
export function useLabRun(lab: string, initial: LabRun | null | undefined): LabRunView {
  const [run, setRun] = useState(initial ?? null);
  const [pending, setPending] = useState<LabRunView["pending"]>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isRunning = run?.state === "running";

  useEffect(() => {
    if (initial !== undefined) return;
    let current = true;
    api.call("getLabRun", { params: { lab } }).then(
      (found) => current && setRun((before) => before ?? found),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [lab, initial]);

  useEffect(() => {
    if (!isRunning) return;
    let over = false;
    const look = async () => {
      if (document.visibilityState === "hidden") return;
      try {
        const next = await api.call("getLabRun", { params: { lab } });
        if (!over) setRun(next);
      } catch (error) {
        const { code } = problemFrom(error);
        // It was ended elsewhere, or with the worker; while that is away nobody knows.
        if (!over && code === "not-found") setRun((before) => before && { ...before, state: "ended" });
      }
    };
    const timer = setInterval(() => void look(), lookMs);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [lab, isRunning]);

  const carryOut = useCallback(async (what: "start" | "end", act: () => Promise<LabRun | null>) => {
    setPending(what);
    setProblem(null);
    try {
      setRun(await act());
    } catch (error) {
      setProblem(problemFrom(error));
    } finally {
      setPending(null);
    }
  }, []);
  const start = useCallback(() => carryOut("start", () => api.call("startLab", { params: { lab } })), [carryOut, lab]);
  const end = useCallback(
    () =>
      carryOut("end", async () => {
        await api.call("endLab", { params: { lab } });
        return null;
      }),
    [carryOut, lab],
  );
  return { run, pending, problem, start, end };
}
