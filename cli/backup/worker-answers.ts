import { callWorker } from "../../lib/client/worker.ts";
import { type Config, paths } from "../../lib/config.ts";
import { ProblemError } from "../../lib/contract/problem.ts";

/** Whether a worker listens, whoever started it. */
export async function workerAnswers(config: Config): Promise<boolean> {
  try {
    await callWorker(paths(config).workerSocket, "GET", "/health", undefined, { timeoutMs: 5_000 });
    return true;
  } catch (error) {
    return !(error instanceof ProblemError && error.problem.code === "worker-unavailable");
  }
}
