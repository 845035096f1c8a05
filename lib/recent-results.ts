import type { OperationResult } from "./contract/operation.ts";

/** What became of the last operations, for a while: another place that keeps them may hear of it a moment later. */
export interface RecentResults {
  put(result: OperationResult): void;
  get(id: string): OperationResult | undefined;
}

export function createRecentResults(length = 1_000): RecentResults {
  const results = new Map<string, OperationResult>();
  return {
    put(result) {
      results.delete(result.id);
      results.set(result.id, result);
      for (const oldest of results.keys()) {
        if (results.size <= length) break;
        results.delete(oldest);
      }
    },
    get: (id) => results.get(id),
  };
}
