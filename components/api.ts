import type { Client } from "@/lib/client/api.ts";
import type { Problem, ProblemError } from "@/lib/contract/problem.ts";

/** The client brings the schemas of every call with it: a page is shown before they are there. */
const client = async (): Promise<Client> => (await import("@/lib/client/api.ts")).createClient({ baseUrl: "" });

/** The API of the server that this page came from; the session cookie signs its calls. */
export const api: Client = {
  call: async (...call) => (await client()).call(...call),
  open: async (...call) => (await client()).open(...call),
};

/** The problem behind whatever a call has thrown, as for somebody who was signed in when this page was opened. */
export function problemFrom(error: unknown): Problem {
  const told = problemOf(error);
  return told.code === "unauthenticated" ? { ...told, ...sessionEnded } : told;
}

/** The server's own words are for whoever sends a token. */
const sessionEnded = {
  title: "Your session has ended",
  detail: "this page is not signed in any more, so nothing was done",
  remedy: "Sign in, and try again.",
};

/** The problem behind whatever a call has thrown: the server's own, or that none was reached. */
export function problemOf(error: unknown): Problem {
  if (isProblemError(error)) return error.problem;
  return {
    type: "about:blank",
    title: "MiniRun could not be reached",
    status: 0,
    code: "internal",
    detail: error instanceof Error ? error.message : String(error),
    remedy: "See whether it runs with `./minirun status`, and try again.",
  };
}

function isProblemError(error: unknown): error is Pick<ProblemError, "problem"> {
  return error instanceof Error && "problem" in error;
}
