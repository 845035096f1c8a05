import { problemOf } from "../problems.ts";

/** A read turns to the database when the worker has not answered within this time, in milliseconds. */
export const workerWithinMs = 1_000;

/** Reads from the worker, who knows best; from the database, which hears of everything a little later, when it is away. */
export async function throughWorker<T>(withWorker: () => Promise<T>, withDatabase: () => Promise<T>): Promise<T> {
  try {
    return await withWorker();
  } catch (error) {
    if (problemOf(error)?.code !== "worker-unavailable") throw error;
    return withDatabase();
  }
}
