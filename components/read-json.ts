import type { CallResult } from "@/lib/client/api.ts";
import type { RouteName } from "@/lib/contract/routes.ts";

/**
 * Reads what every page asks for as soon as it is shown, and answers it as the route has it, as unchecked as an event
 * of a stream: the client would bring every call's schema, a fifth of the first load's script. `path` is that of the
 * route, with its query. Throws an Error when there is no answer, or one with an error status; pages that must say why
 * use the client.
 */
export async function readJson<N extends RouteName>(path: string): Promise<CallResult<N>> {
  const answer = await fetch(`/api/v1${path}`, { headers: { accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw new Error(`${path} was answered with status ${answer.status}`);
  return answer.json();
}
