"use client";

import { useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";
import { randomId } from "../random-id.ts";
import { isRunning } from "./describe.ts";

export type Action = "start" | "stop" | "kill" | "delete";

interface Outcome {
  onDone?: (action: Action, container: Container) => void;
  onProblem: (problem: Problem, container: Container) => void;
}

/** Lifecycle calls on one container. `pending` is the one under way; a second waits for nobody and is not sent. */
export function useLifecycle(container: Container, { onDone, onProblem }: Outcome) {
  const [pending, setPending] = useState<Action | null>(null);
  const run = async (action: Action) => {
    if (pending) return;
    setPending(action);
    try {
      await send(action, container);
      onDone?.(action, container);
    } catch (error) {
      onProblem(problemFrom(error), container);
    } finally {
      setPending(null);
    }
  };
  return { pending, run };
}

function send(action: Action, container: Container): Promise<unknown> {
  const params = { name: container.id };
  const idempotencyKey = randomId();
  switch (action) {
    case "start":
      return api.call("startContainer", { params, idempotencyKey });
    case "stop":
      return api.call("stopContainer", { params, idempotencyKey, body: {} });
    case "kill":
      return api.call("killContainer", { params, idempotencyKey, body: {} });
    case "delete":
      return api.call("deleteContainer", { params, idempotencyKey, query: { force: isRunning(container) } });
  }
}
