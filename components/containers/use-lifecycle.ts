"use client";

import { useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";
import { randomId } from "../random-id.ts";
import { isRunning } from "./describe.ts";

export type Action = "start" | "stop" | "restart" | "pause" | "resume" | "kill" | "delete";

/** What a call takes beyond its container: the signal of a kill; SIGKILL when left out. */
export interface ActionOptions {
  signal?: string;
}

interface Outcome {
  onDone?: (action: Action, container: Container) => void;
  onProblem: (problem: Problem, container: Container) => void;
}

/** Lifecycle calls on one container. `pending` is the one under way; a second waits for nobody and is not sent. */
export function useLifecycle(container: Container, { onDone, onProblem }: Outcome) {
  const [pending, setPending] = useState<Action | null>(null);
  const run = async (action: Action, options: ActionOptions = {}) => {
    if (pending) return;
    setPending(action);
    try {
      await send(action, container, options);
      onDone?.(action, container);
    } catch (error) {
      onProblem(problemFrom(error), container);
    } finally {
      setPending(null);
    }
  };
  return { pending, run };
}

function send(action: Action, container: Container, { signal }: ActionOptions): Promise<unknown> {
  const params = { name: container.id };
  const idempotencyKey = randomId();
  switch (action) {
    case "start":
      return api.call("startContainer", { params, idempotencyKey });
    case "stop":
      return api.call("stopContainer", { params, idempotencyKey, body: {} });
    case "restart":
      return api.call("restartContainer", { params, idempotencyKey, body: {} });
    case "pause":
      return api.call("pauseContainer", { params, idempotencyKey });
    case "resume":
      return api.call("resumeContainer", { params, idempotencyKey });
    case "kill":
      return api.call("killContainer", { params, idempotencyKey, body: { ...(signal && { signal }) } });
    case "delete":
      return api.call("deleteContainer", { params, idempotencyKey, query: { force: isRunning(container) } });
  }
}
