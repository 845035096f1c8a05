import { isFinished } from "@/lib/contract/is-finished.ts";
import type { OperationSummary } from "@/lib/contract/operation.ts";
import { readJson } from "../read-json.ts";
import { containerEvents } from "./container-events.ts";

/** Operations as they are known here, the newest first. */
export interface OperationsSnapshot {
  items: readonly OperationSummary[];
  /** Whether the server has told what went before; null while it has not answered. */
  known: boolean | null;
}

const most = 50;
const first: OperationsSnapshot = { items: [], known: null };
const watchers = new Set<() => void>();
let snapshot = first;
let unsubscribe: (() => void) | null = null;

/** The operations of this installation, live; read from the server, so that they outlive a reload. */
export const operations = {
  snapshot: () => snapshot,
  serverSnapshot: () => first,
  subscribe(changed: () => void): () => void {
    watchers.add(changed);
    unsubscribe ??= listen();
    return () => {
      watchers.delete(changed);
      if (watchers.size > 0) return;
      unsubscribe?.();
      unsubscribe = null;
    };
  },
  /** Puts in operations that a call has just answered with. */
  add(more: readonly OperationSummary[]): void {
    show({ ...snapshot, items: mergeOperations(snapshot.items, more) });
  },
};

function listen(): () => void {
  if (containerEvents.status() !== "live") void reload();
  return containerEvents.subscribe({
    onOperation: (operation) => operations.add([operation]),
    onResync: () => void reload(),
  });
}

async function reload(): Promise<void> {
  try {
    const { items } = await readJson<"listOperations">(`/operations?limit=${most}`);
    show({ items: mergeOperations(snapshot.items, items), known: true });
  } catch {
    show({ ...snapshot, known: snapshot.known ?? false });
  }
}

function show(next: OperationsSnapshot): void {
  snapshot = next;
  for (const changed of watchers) changed();
}

/** Two accounts of operations as one, the newest first; a finished one never goes back to running. */
export function mergeOperations(
  before: readonly OperationSummary[],
  more: readonly OperationSummary[],
): readonly OperationSummary[] {
  const byId = new Map(before.map((operation) => [operation.id, operation]));
  for (const operation of more) {
    const known = byId.get(operation.id);
    if (known && isFinished(known) && !isFinished(operation)) continue;
    byId.set(operation.id, operation);
  }
  const sorted = [...byId.values()].sort((a, b) => b.requestedAt.localeCompare(a.requestedAt));
  const running = sorted.filter((operation) => !isFinished(operation));
  return sorted.length <= most ? sorted : [...new Set([...sorted.slice(0, most), ...running])];
}
