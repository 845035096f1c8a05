import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { Problem, problem } from "../lib/contract/problem.ts";

/**
 * The problem that an error carries, or null. By shape, not by class: Next bundles app/ apart from server/,
 * so that two ProblemError classes live in one process.
 */
export function problemOf(error: unknown): Problem | null {
  if (!(error instanceof Error) || !("problem" in error)) return null;
  const parsed = Problem.safeParse(error.problem);
  return parsed.success ? parsed.data : null;
}

/** What a client hears of an error that nobody foresaw: nothing of its inside. The log has it under the request id. */
export function internalProblem(): Problem {
  return problem("internal", "MiniRun failed", "an unexpected error occurred while answering the request", {
    remedy: "logs/web.log in the state directory has the cause, under the request id.",
  });
}

/** The answer to a call without credentials, or with ones that do not hold. */
export function unauthenticated(): Problem {
  return problem(
    "unauthenticated",
    "Sign in first",
    "the request has no operator token or session, or one that does not hold",
    {
      remedy:
        "Send `Authorization: Bearer TOKEN`; `./minirun token` prints it. `./minirun token --link` makes a link to sign in with.",
    },
  );
}

/** Headers of a problem's answer. */
function problemHeaders({ code, details }: Problem): Record<string, string> {
  const retryAfter = details?.retryAfterSeconds;
  return {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    ...(code === "unauthenticated" && { "www-authenticate": 'Bearer realm="minirun"' }),
    ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
  };
}

/** A problem as a fetch Response. */
export function problemResponse(value: Problem, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), {
    status: value.status,
    headers: { ...problemHeaders(value), ...headers },
  });
}

/** Answers with a problem on a connection that is no request of Node's (not yet, or no longer), and closes it. */
export function refuseRaw(socket: Duplex, value: Problem): void {
  socket.on("error", () => socket.destroy());
  const text = JSON.stringify(value);
  const headers = { ...problemHeaders(value), "content-length": Buffer.byteLength(text), connection: "close" };
  const lines = Object.entries(headers).map(([name, content]) => `${name}: ${content}\r\n`);
  socket.end(`HTTP/1.1 ${value.status} ${STATUS_CODES[value.status] ?? "Refused"}\r\n${lines.join("")}\r\n${text}`);
}

/** Answers a Node request with a problem. */
export function sendProblem(response: ServerResponse, value: Problem, headers: Record<string, string> = {}): void {
  response.writeHead(value.status, { ...problemHeaders(value), ...headers }).end(JSON.stringify(value));
}
