import * as z from "zod";
import { callWorker } from "../../lib/client/worker.ts";
import type { Principal } from "../../lib/contract/principal.ts";
import { fail } from "../../lib/contract/problem.ts";
import { type CreateToken, NewToken, TokenInfo } from "../../lib/contract/token.ts";
import { noteForAudit } from "../audit.ts";
import type { WebContext } from "../context.ts";

const timeoutMs = 5_000;
const WithVersion = z.object({ version: z.number() });

/** Makes an API token, and answers when it works. The worker holds against its maker's role what it may do. */
export async function createToken(context: WebContext, { id }: Principal, asked: CreateToken): Promise<NewToken> {
  const answer = await callWorker(context.workerSocket, "POST", "/tokens", { principal: id, asked }, { timeoutMs });
  await context.events.access.until(WithVersion.parse(answer).version);
  const made = NewToken.parse(answer);
  noteForAudit(context, { target: `${made.name} ${made.id}`, detail: tellReach(made) });
  return made;
}

function tellReach({ role, expiresAt }: NewToken): string {
  return `role ${role}, ${expiresAt ? `until ${expiresAt}` : "without end"}`;
}

/** One's own tokens; for administrators everybody's. */
export async function listTokens({ workerSocket }: WebContext, { id }: Principal): Promise<TokenInfo[]> {
  const path = `/tokens?principal=${encodeURIComponent(id)}`;
  return z.array(TokenInfo).parse(await callWorker(workerSocket, "GET", path, undefined, { timeoutMs }));
}

/** Revokes a token, and answers when nothing rests on it any more. Throws token-not-found for one that is another's. */
export async function revokeToken(context: WebContext, { id: principal }: Principal, id: string): Promise<void> {
  if (!z.uuid().safeParse(id).success) throw fail("token-not-found", "No such token", `There is no token ${id}.`);
  const answer = await callWorker(context.workerSocket, "DELETE", `/tokens/${id}`, { principal }, { timeoutMs });
  await context.events.access.until(WithVersion.parse(answer).version);
}
