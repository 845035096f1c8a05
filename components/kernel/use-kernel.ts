"use client";

import { useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { type KernelState, type KernelView, kernelParts } from "@/lib/contract/kernel.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";
import { isRunning } from "../containers/describe.ts";
import { keepStream } from "../live/keep-stream.ts";
import { keepEqualParts } from "./keep-equal-parts.ts";

/** What never changes while a container runs is asked for once. */
const once = ["seccomp"] as const satisfies readonly (keyof KernelState)[];
const live = kernelParts.filter((part) => !once.some((other) => other === part));

export interface Kernel {
  view: KernelView | null;
  /** The reading before: rates are told from both. */
  before: KernelView | null;
  seccomp: KernelState["seccomp"];
  /** Why what is asked for once could not be read. */
  unread: KernelState["unread"];
  /** Why that was not read at all; it is tried again. */
  onceProblem: Problem | null;
  /** Why nothing can be read now; what is shown is then older. */
  problem: Problem | null;
  /** The stream is lost; the browser or this page opens it again. */
  away: boolean;
}

const nothing: Kernel = {
  view: null,
  before: null,
  seccomp: undefined,
  unread: [],
  onceProblem: null,
  problem: null,
  away: false,
};

/** What the kernel holds for a container, once a second while it runs and the page is seen. It stays when it ends. */
export function useKernel(container: Container): Kernel {
  const [kernel, setKernel] = useState(nothing);
  const { id, pid } = container;
  const running = isRunning(container);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another first process is another run
  useEffect(() => {
    if (!running) return;
    return watch(id, (change) => setKernel((known) => ({ ...known, ...change(known) })));
  }, [id, running, pid]);
  return kernel;
}

const retryMs = 5_000;

type Tell = (change: (known: Kernel) => Partial<Kernel>) => void;

function watch(id: string, tell: Tell): () => void {
  const call = new AbortController();
  const open = () => {
    const source = new EventSource(`/api/v1/containers/${id}/kernel?follow=true&parts=${live.join(",")}`);
    source.addEventListener("message", ({ data }: MessageEvent<string>) => {
      const view: KernelView = JSON.parse(data);
      tell((known) => ({ view: keepEqualParts(view, known.view), before: known.view, problem: null, away: false }));
    });
    source.addEventListener("problem", ({ data }: MessageEvent<string>) => {
      const problem: Problem = JSON.parse(data);
      tell(() => ({ problem }));
    });
    return source;
  };
  const stop = keepStream({ open, onAway: () => tell(() => ({ away: true })) });
  readOnce(id, call.signal, tell);
  return () => {
    stop();
    call.abort();
  };
}

function readOnce(id: string, signal: AbortSignal, tell: Tell): void {
  api.call("getKernel", { params: { name: id }, query: { parts: [...once] }, signal }).then(
    (view) => tell(() => ({ seccomp: view.seccomp, unread: view.unread, onceProblem: null })),
    (error: unknown) => {
      if (signal.aborted) return;
      tell(() => ({ onceProblem: problemFrom(error) }));
      const again = setTimeout(() => readOnce(id, signal, tell), retryMs);
      signal.addEventListener("abort", () => clearTimeout(again));
    },
  );
}
