"use client";

import { useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { problemFrom } from "../api.ts";
import { type Action, type ActionOptions, mayBegin, runAction } from "./run-action.ts";

export type { Action, ActionOptions } from "./run-action.ts";

interface Outcome {
  onDone?: (action: Action, container: Container) => void;
  onProblem: (problem: Problem, container: Container) => void;
}

/** Lifecycle calls on one container. `pending` are those under way; one that may not begin beside them is not sent. */
export function useLifecycle(container: Container, { onDone, onProblem }: Outcome) {
  const [pending, setPending] = useState<readonly Action[]>([]);
  const run = async (action: Action, options?: ActionOptions) => {
    if (!mayBegin(action, pending)) return;
    setPending((before) => [...before, action]);
    try {
      await runAction(action, container, options);
      onDone?.(action, container);
    } catch (error) {
      onProblem(problemFrom(error), container);
    } finally {
      setPending((before) => before.toSpliced(before.indexOf(action), 1));
    }
  };
  return { pending, run };
}
