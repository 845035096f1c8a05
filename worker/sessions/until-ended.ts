import type { Context } from "../context.ts";
import { isRunning } from "../operations/outcome.ts";
import type { ContainerRecord } from "../state/record.ts";

/** How long the record may take to tell what a broken stream has told already. */
const patienceMs = 3_000;

/** The container once its record says that it does not run; null when it is gone, or still runs after a while. */
export function untilEnded(context: Context, id: string): Promise<ContainerRecord | null> {
  return new Promise((resolve) => {
    const answer = (record: ContainerRecord | null) => {
      unsubscribe();
      clearTimeout(timer);
      resolve(record);
    };
    const look = () => {
      const record = context.records.find(id);
      if (!record || !isRunning(record)) answer(record ?? null);
    };
    const unsubscribe = context.events.subscribe(look);
    const timer = setTimeout(() => answer(null), patienceMs);
    look();
  });
}
