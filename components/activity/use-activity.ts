"use client";

import { useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { ContainerEvent } from "@/lib/contract/event.ts";
import { isFinished } from "@/lib/contract/is-finished.ts";
import type { OperationSummary } from "@/lib/contract/operation.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";
import { containerEvents } from "../live/container-events.ts";

const pageSize = 50;
const mostEvents = 200;

interface Activity {
  operations: readonly OperationSummary[];
  /** Where older ones begin; null when there are none, undefined while nothing was read. */
  next: string | null | undefined;
  events: readonly ContainerEvent[];
  problem: Problem | null;
}

/** What was done to a container and what happened to it: operations from the first, events since the page watches. */
export function useActivity({ id }: Container) {
  const [activity, setActivity] = useState<Activity>({ operations: [], next: undefined, events: [], problem: null });
  const [loadingMore, setLoadingMore] = useState(false);

  useEffect(() => {
    const call = new AbortController();
    const read = async () => {
      try {
        const page = await readPage(id, undefined, call.signal);
        setActivity((before) => ({
          ...before,
          operations: merge(before.operations, page.items),
          next: before.next === undefined ? page.next : before.next,
          problem: null,
        }));
      } catch (error) {
        if (!call.signal.aborted) setActivity((before) => ({ ...before, problem: problemFrom(error) }));
      }
    };
    if (containerEvents.status() !== "live") void read();
    const unsubscribe = containerEvents.subscribe({
      onEvent: (event) => {
        if (event.container.id !== id) return;
        setActivity((before) => ({ ...before, events: [event, ...before.events].slice(0, mostEvents) }));
      },
      onOperation: (operation) => {
        if (operation.containerId !== id) return;
        setActivity((before) => ({ ...before, operations: merge(before.operations, [operation]) }));
      },
      onResync: () => void read(),
    });
    return () => {
      call.abort();
      unsubscribe();
    };
  }, [id]);

  const more = async () => {
    if (!activity.next) return;
    setLoadingMore(true);
    try {
      const page = await readPage(id, activity.next);
      setActivity((before) => ({ ...before, operations: merge(before.operations, page.items), next: page.next }));
    } catch (error) {
      setActivity((before) => ({ ...before, problem: problemFrom(error) }));
    } finally {
      setLoadingMore(false);
    }
  };
  return { ...activity, more, loadingMore };
}

function readPage(id: string, cursor?: string, signal?: AbortSignal) {
  const query = { container: id, limit: pageSize, ...(cursor !== undefined && { cursor }) };
  return api.call("listOperations", { query, ...(signal && { signal }) });
}

/** Both, each operation once and the newest first; what has finished never goes back to running. */
export function merge(
  before: readonly OperationSummary[],
  more: readonly OperationSummary[],
): readonly OperationSummary[] {
  const byId = new Map(before.map((operation) => [operation.id, operation]));
  for (const operation of more) {
    const known = byId.get(operation.id);
    if (!known || !isFinished(known) || isFinished(operation)) byId.set(operation.id, operation);
  }
  return [...byId.values()].sort((a, b) => b.requestedAt.localeCompare(a.requestedAt));
}
