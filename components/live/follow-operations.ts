import { isFinished } from "@/lib/contract/is-finished.ts";
import type { OperationSummary } from "@/lib/contract/operation.ts";
import { api } from "../api.ts";
import { containerEvents } from "./container-events.ts";
import { operations } from "./operations.ts";

const waitSeconds = 10;

/**
 * Waits until every operation has come to its end, and answers with them; `onDone` hears how many have. Whichever tells
 * first: the event stream, or a call, which covers what the stream has missed.
 */
export async function followOperations(
  asked: readonly OperationSummary[],
  onDone: (done: number) => void,
): Promise<readonly OperationSummary[]> {
  const ids = new Set(asked.map(({ id }) => id));
  const ends = new Map<string, OperationSummary>();
  let awaited = { id: "", tell: () => {} };
  const note = (operation: OperationSummary) => {
    if (!ids.has(operation.id) || !isFinished(operation)) return;
    ends.set(operation.id, operation);
    onDone(ends.size);
    if (operation.id === awaited.id) awaited.tell();
  };
  // Not from what is known of operations at large: of those that have ended only the newest are kept there.
  const unsubscribe = containerEvents.subscribe({ onOperation: note });
  try {
    for (const operation of [...asked, ...operations.snapshot().items]) note(operation);
    for (const { id } of asked) {
      if (ends.has(id)) continue;
      const call = new AbortController();
      const told = new Promise<void>((tell) => {
        awaited = { id, tell };
      });
      await Promise.race([told, ask(id, call.signal).then(note)]).finally(() => call.abort());
    }
    return asked.flatMap(({ id }) => ends.get(id) ?? []);
  } finally {
    unsubscribe();
  }
}

async function ask(id: string, signal: AbortSignal): Promise<OperationSummary> {
  for (;;) {
    const operation = await api.call("getOperation", { params: { id }, query: { waitSeconds }, signal });
    if (!isFinished(operation)) continue;
    operations.add([operation]);
    return operation;
  }
}
