import type { CreateContainer } from "../../lib/contract/container.ts";
import { friendlyName } from "../../lib/contract/names.ts";
import { Operation, type OperationResult, type Verb } from "../../lib/contract/operation.ts";
import { fail, ProblemError, parseOrFail } from "../../lib/contract/problem.ts";
import type { Call } from "../api.ts";
import { json } from "../api.ts";
import type { WebContext } from "../context.ts";
import { problemOf } from "../problems.ts";
import { findContainer } from "./find-container.ts";
import { createdContainerId, fractionsFrom, operationId } from "./operation-id.ts";
import { etagOf } from "./revision.ts";
import { readOperation, submit } from "./submit.ts";

const defaultWaitMs = 30_000;
const maxKeyLength = 200;

type LifecycleCall = Pick<Call, "context" | "request"> & { principal: { id: string } };
type Request = { verb: Exclude<Verb, "create">; arguments: Record<string, unknown> };

/** What the request's headers say about how to carry an operation out. */
interface Wishes {
  id: string;
  idempotencyKey: string | null;
  respondAsync: boolean;
}

function readWishes({ request, principal }: LifecycleCall): Wishes {
  const idempotencyKey = request.headers.get("idempotency-key");
  if (idempotencyKey !== null && (idempotencyKey === "" || idempotencyKey.length > maxKeyLength)) {
    throw fail("invalid-request", "The Idempotency-Key does not fit", `it must have 1 to ${maxKeyLength} characters`);
  }
  const respondAsync = /(^|,)\s*respond-async\s*(,|;|$)/i.test(request.headers.get("prefer") ?? "");
  return { id: operationId(principal.id, idempotencyKey), idempotencyKey, respondAsync };
}

/** Creates a container: 201 with it, or 202 with the operation. Throws what stands against it. */
export async function create(call: LifecycleCall, body: CreateContainer): Promise<Response> {
  const wishes = readWishes(call);
  const { filesFrom: source, ...asked } = body;
  const filesFrom = source && (await findContainer(call.context, source)).id;
  const given = { ...asked, name: body.name ?? nameFor(wishes.id), ...(filesFrom && { filesFrom }) };
  const operation = buildOperation(call, wishes, createdContainerId(wishes.id), { verb: "create", arguments: given });
  return answer(await submit(call.context, operation, { ...wishes, waitMs: defaultWaitMs }), wishes);
}

/** Carries out a verb on the container with this name or id: 200 with it, 204 once deleted, or 202 with the operation. */
export async function change(call: LifecycleCall, ref: string, request: Request, waitMs = 0): Promise<Response> {
  const wishes = readWishes(call);
  const containerId = await resolve(call.context, ref, request.verb, wishes);
  if (typeof containerId !== "string") return answer(containerId, wishes);
  const operation = buildOperation(call, wishes, containerId, request);
  return answer(await submit(call.context, operation, { ...wishes, waitMs: defaultWaitMs + waitMs }), wishes);
}

/** The container's id; or, when it is gone and the same key was used before, what became of it then. */
async function resolve(
  context: WebContext,
  ref: string,
  verb: Verb,
  { id, idempotencyKey }: Wishes,
): Promise<string | OperationResult> {
  try {
    return (await findContainer(context, ref)).id;
  } catch (error) {
    if (idempotencyKey === null || problemOf(error)?.code !== "container-not-found") throw error;
    const earlier = await readOperation(context, id).catch(() => null);
    if (earlier?.verb === verb) return earlier;
    throw error;
  }
}

/** With four digits behind it a made-up name is hardly ever taken, and the same key makes the same name. */
function nameFor(id: string): string {
  const [first, second] = fractionsFrom(id);
  const digits = Math.floor(fractionsFrom(`${id} digits`)[0] * 10_000);
  return `${friendlyName(first, second)}-${String(digits).padStart(4, "0")}`;
}

function buildOperation(
  { principal }: LifecycleCall,
  { id }: Wishes,
  containerId: string,
  request: { verb: Verb; arguments: Record<string, unknown> },
): Operation {
  const requestedAt = new Date().toISOString();
  return parseOrFail(Operation, {
    id,
    containerId,
    principal: principal.id,
    generation: null,
    requestedAt,
    ...request,
  });
}

function answer(result: OperationResult, { respondAsync }: Wishes): Response {
  const { id, state, verb, container } = result;
  if (respondAsync || state === "queued" || state === "running") {
    const location = `/api/v1/operations/${id}`;
    return json(result, 202, { location, ...(respondAsync && { "preference-applied": "respond-async" }) });
  }
  if (result.problem) {
    throw new ProblemError({ ...result.problem, operationId: id, containerId: result.containerId });
  }
  if (verb === "delete") return new Response(null, { status: 204 });
  const etag = container && { etag: etagOf(container) };
  if (verb !== "create") return json(container, 200, { ...etag });
  return json(container, 201, { ...etag, location: `/api/v1/containers/${container?.name ?? result.containerId}` });
}
