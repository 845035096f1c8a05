import * as z from "zod";
import { callWorker } from "../lib/client/worker.ts";
import { type Config, paths } from "../lib/config.ts";
import { operator } from "../lib/contract/principal.ts";

/** A link that signs the operator in, once. Throws a ProblemError when the worker does not answer. */
export async function makeSignInLink(config: Config, address: string): Promise<string> {
  const answer = await callWorker(paths(config).workerSocket, "POST", "/links", { principal: operator.id });
  return `${address}/sign-in?code=${z.object({ code: z.string() }).parse(answer).code}`;
}
