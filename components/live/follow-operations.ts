import { isFinished } from "@/lib/contract/is-finished.ts";
import type { OperationSummary } from "@/lib/contract/operation.ts";
import { api } from "../api.ts";
import { operations } from "./operations.ts";

const waitSeconds = 10;

/** Waits until every operation has come to its end, and answers with them; `onDone` hears how many have. */
export async function followOperations(
  asked: readonly OperationSummary[],
  onDone: (done: number) => void,
): Promise<readonly OperationSummary[]> {
  const unsubscribe = operations.subscribe(() => onDone(asked.filter(({ id }) => finished(id)).length));
  try {
    const ends: OperationSummary[] = [];
    for (const { id } of asked) {
      ends.push(finished(id) ?? (await end(id)));
      onDone(ends.length);
    }
    return ends;
  } finally {
    unsubscribe();
  }
}

function finished(id: string): OperationSummary | undefined {
  return operations.snapshot().items.find((operation) => operation.id === id && isFinished(operation));
}

/** Whichever tells first: the event stream, or the call, which covers what the stream has missed. */
async function end(id: string): Promise<OperationSummary> {
  const controller = new AbortController();
  let unsubscribe = () => {};
  const told = new Promise<OperationSummary>((resolve) => {
    unsubscribe = operations.subscribe(() => {
      const operation = finished(id);
      if (operation) resolve(operation);
    });
  });
  try {
    return await Promise.race([told, ask(id, controller.signal)]);
  } finally {
    unsubscribe();
    controller.abort();
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
