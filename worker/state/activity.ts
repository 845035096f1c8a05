import type { OperationProgress, OperationSummary } from "../../lib/contract/operation.ts";
import type { Events } from "./events.ts";

/** Progress is told at most this often, in milliseconds. */
const quietMs = 250;

/** The operations that this worker has in hand; that they begin and get on is told as news, their end by its commit. */
export interface Activity {
  /** Takes an operation in hand, or says that it is `running` now and not `queued` any more. */
  begin(operation: OperationSummary): void;
  report(id: string, progress: OperationProgress): void;
  /** Lets go of an operation. */
  end(id: string): void;
  get(id: string): OperationSummary | undefined;
  all(): OperationSummary[];
}

export type Report = (progress: OperationProgress) => void;

interface Entry {
  operation: OperationSummary;
  toldAt: number;
  timer: NodeJS.Timeout | null;
}

export function createActivity(events: Events): Activity {
  const entries = new Map<string, Entry>();
  const tell = (operation: OperationSummary) => events.tell({ type: "operation", operation });
  const end = (id: string) => {
    clearTimeout(entries.get(id)?.timer ?? undefined);
    entries.delete(id);
  };
  return {
    begin(operation) {
      end(operation.id);
      entries.set(operation.id, { operation, toldAt: 0, timer: null });
      tell(operation);
    },
    report(id, progress) {
      const entry = entries.get(id);
      if (!entry) return;
      entry.operation = { ...entry.operation, progress };
      entry.timer ??= setTimeout(
        () => {
          entry.timer = null;
          entry.toldAt = Date.now();
          tell(entry.operation);
        },
        Math.max(0, entry.toldAt + quietMs - Date.now()),
      );
    },
    end,
    get: (id) => entries.get(id)?.operation,
    all: () => [...entries.values()].map(({ operation }) => operation),
  };
}
