import { createClient } from "@/lib/client/api.ts";
import { type Problem, ProblemError, problem } from "@/lib/contract/problem.ts";

/** The API of the server that this page came from; the session cookie signs its calls. */
export const api = createClient({ baseUrl: "" });

/** The problem behind whatever a call has thrown: the server's own, or that none was reached. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const reason = error instanceof Error ? error.message : String(error);
  return problem("internal", "MiniRun could not be reached", reason, {
    remedy: "See whether it runs with `./minirun status`, and try again.",
  });
}
