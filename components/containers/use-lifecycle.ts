"use client";

import { useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { problemFrom } from "../api.ts";
import { type Action, type ActionOptions, runAction } from "./run-action.ts";

export type { Action, ActionOptions } from "./run-action.ts";

interface Outcome {
  onDone?: (action: Action, container: Container) => void;
  onProblem: (problem: Problem, container: Container) => void;
}

/** Lifecycle calls on one container. `pending` is the one under way; a second waits for nobody and is not sent. */
export function useLifecycle(container: Container, { onDone, onProblem }: Outcome) {
  const [pending, setPending] = useState<Action | null>(null);
  const run = async (action: Action, options?: ActionOptions) => {
    if (pending) return;
    setPending(action);
    try {
      await runAction(action, container, options);
      onDone?.(action, container);
    } catch (error) {
      onProblem(problemFrom(error), container);
    } finally {
      setPending(null);
    }
  };
  return { pending, run };
}
