import { randomUUID } from "node:crypto";
import * as z from "zod";
import { callWorker } from "../../lib/client/worker.ts";
import type { Container } from "../../lib/contract/container.ts";
import { type BulkAction, type BulkResult, Operation, OperationSummary } from "../../lib/contract/operation.ts";
import type { Principal } from "../../lib/contract/principal.ts";
import { submitOperation } from "../../lib/store/submit-operation.ts";
import { isOperationNow, noteForAudit, withOrigin } from "../audit.ts";
import type { WebContext } from "../context.ts";
import { internalProblem, problemOf } from "../problems.ts";
import { findContainer } from "./find-container.ts";
import { throughDatabase } from "./through-database.ts";

/** Operations that are asked for at once. */
const concurrency = 8;

type Item = BulkResult["items"][number];

/** Asks for one verb on many containers: each gets an operation of its own, or the problem that stands against it. */
export async function bulkAction(context: WebContext, principal: Principal, body: BulkAction): Promise<BulkResult> {
  const refs = [...new Set(body.containers)];
  const items: Item[] = [];
  const waiting = refs.entries();
  const askInTurn = async () => {
    for (const [index, ref] of waiting) items[index] = await ask(context, principal, body, ref);
  };
  await Promise.all(Array.from({ length: concurrency }, askInTurn));
  const refused = items.flatMap(({ container, problem }) => (problem ? [`${container} (${problem.code})`] : []));
  // Each operation has an entry of its own; what came to none is told by that of the call.
  if (refused.length === 0) isOperationNow(context);
  else noteForAudit(context, { detail: `${body.verb}, refused: ${refused.join(", ")}` });
  return { items };
}

async function ask(
  context: WebContext,
  principal: Principal,
  { verb, arguments: given }: BulkAction,
  ref: string,
): Promise<Item> {
  try {
    const container = await findContainer(context, ref);
    const request = { id: randomUUID(), containerId: container.id, principal: principal.id, generation: null };
    const operation = Operation.parse({ ...request, requestedAt: new Date().toISOString(), verb, arguments: given });
    const handed = await hand(context, container, withOrigin(context, operation));
    return { container: ref, operation: handed, problem: null };
  } catch (error) {
    const problem = problemOf(error);
    if (!problem) context.log.error({ err: error, container: ref }, "a bulk action failed for a container");
    return { container: ref, operation: null, problem: problem ?? internalProblem() };
  }
}

/** Queues an operation: in the database or, when that is away, with the worker. */
function hand(context: WebContext, container: Container, operation: Operation) {
  const { node } = context.config;
  return throughDatabase<OperationSummary>(
    context,
    async () => {
      const { generation } = await submitOperation(context.store, node, operation, null, true);
      const { arguments: _, origin: __, ...request } = operation;
      const open = { startedAt: null, finishedAt: null, progress: null, problem: null };
      return { ...request, ...open, generation, containerName: container.name, state: "queued" };
    },
    async () => {
      const answer = await callWorker(context.workerSocket, "POST", "/operations/bulk", { operations: [operation] });
      return z.object({ items: z.array(OperationSummary).length(1) }).parse(answer).items[0] as OperationSummary;
    },
  );
}
