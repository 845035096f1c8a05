import type pg from "pg";
import type { OperationResult } from "../contract/operation.ts";
import { connect } from "./connection.ts";
import { operationChannel } from "./project-outbox.ts";
import { readOperation } from "./read-operation.ts";
import type { Store } from "./store.ts";

export interface OperationWaiter {
  /**
   * The operation once it has succeeded or failed, or as it stands after `timeoutMs`. Rejects when the database goes
   * away meanwhile, or when it does not know the operation.
   */
  wait(id: string, timeoutMs: number): Promise<OperationResult>;
  close(): Promise<void>;
}

interface Waiting {
  done(): void;
  failed(error: Error): void;
}

/** Waits for operations on one LISTEN connection, which is opened at the first wait and again after it broke. */
export function createOperationWaiter(store: Store): OperationWaiter {
  const waiting = new Map<string, Set<Waiting>>();
  let connection: Promise<pg.Client> | null = null;

  const listen = async (): Promise<pg.Client> => {
    const client = await connect(store.database, "minirun-waiter");
    const lost = (error: Error) => {
      connection = null;
      for (const set of waiting.values()) for (const waiter of set) waiter.failed(error);
    };
    client.on("error", lost);
    client.on("end", () => lost(Object.assign(new Error("Connection terminated"), { code: "ECONNRESET" })));
    client.on("notification", ({ payload }) => {
      for (const waiter of waiting.get(payload ?? "") ?? []) waiter.done();
    });
    await client.query(`LISTEN ${operationChannel}`);
    return client;
  };
  const listening = () => {
    connection ??= listen().catch((error) => {
      connection = null;
      throw error;
    });
    return connection;
  };

  const notified = (id: string, timeoutMs: number) => {
    let cancel = () => {};
    const promise = new Promise<void>((resolve, reject) => {
      const waiter = { done: resolve, failed: reject };
      const set = waiting.get(id) ?? new Set();
      waiting.set(id, set.add(waiter));
      const timer = setTimeout(resolve, timeoutMs);
      cancel = () => {
        clearTimeout(timer);
        set.delete(waiter);
        if (set.size === 0) waiting.delete(id);
      };
    });
    promise.catch(() => {});
    return { promise, cancel };
  };

  return {
    async wait(id, timeoutMs) {
      await listening();
      // The waiter stands before the read: a result that comes in between is not missed.
      const notification = notified(id, timeoutMs);
      try {
        const now = await readOperation(store, id);
        if (now?.state === "succeeded" || now?.state === "failed") return now;
        await notification.promise;
        const then = await readOperation(store, id);
        if (!then) throw new Error(`The database does not know operation ${id}.`);
        return then;
      } finally {
        notification.cancel();
      }
    },
    async close() {
      const client = await connection?.catch(() => null);
      connection = null;
      await client?.end();
    },
  };
}
