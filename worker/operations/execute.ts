import { Operation, OperationResult, toPending } from "../../lib/contract/operation.ts";
import { fail, type Problem, ProblemError, parseOrFail, problem } from "../../lib/contract/problem.ts";
import { operationEntry } from "../audit/operation-entry.ts";
import type { Context } from "../context.ts";
import { endedStatus, runOf } from "../engine/end-run.ts";
import { type ContainerRecord, type Done, isLive, toResult, toSummary } from "../state/record.ts";
import { type Change, commit } from "./commit.ts";
import { createContainer } from "./create.ts";
import { deleteContainer, removeFiles } from "./delete.ts";
import { killContainer } from "./kill.ts";
import { isRunning, type Outcome } from "./outcome.ts";
import { isOwn, isPointless, policyStart, removal, restartPolicy } from "./own-operations.ts";
import { pauseContainer, resumeContainer } from "./pause.ts";
import { restartContainer } from "./restart.ts";
import { endOfAttempt } from "./restart-policy.ts";
import { beforeStart, startContainer } from "./start.ts";
import { ended, stopContainer } from "./stop.ts";
import { updateContainer } from "./update.ts";

/**
 * Carries out an operation: the only way in which anything changes, whether it came as a job or over the socket.
 *
 * Idempotent by id: one that was carried out gets the same answer again. One that a later request has overtaken fails
 * with `superseded`. When it resolves, record and outbox are on the disk. A failure of the request itself is a result,
 * with its problem; it rejects with a ProblemError when the operation does not fit its schema, and with the system's
 * error when the result could not be written down, and may then be tried again.
 *
 * What comes from outside is hostile: whoever it says has asked is looked up anew, by what this worker knows itself.
 */
export async function execute(context: Context, input: unknown): Promise<OperationResult> {
  const operation = parseOrFail(Operation, input);
  return inTurn(context, operation, () => refusalOf(context, operation));
}

/** The same for what the worker asks for itself, and for what it had accepted before it ended. */
export function executeOwn(context: Context, operation: Operation): Promise<OperationResult> {
  return inTurn(context, operation, () => null);
}

/** `refusal` says, when its turn has come, what stands against whoever asks. */
function inTurn(context: Context, operation: Operation, refusal: () => Problem | null): Promise<OperationResult> {
  const { containerId } = operation;
  const mayBegin = !refusal();
  const hasTurn = mayBegin && isUrgent(operation) ? context.runs.hurry(containerId) : () => {};
  // An upload holds the lane of a container that does not run, for as long as its sender likes.
  if (mayBegin && endsUploads(context, operation)) void context.writers.end(containerId);
  return context.lanes.run(containerId, () => {
    hasTurn();
    return carryOut(context, operation, refusal);
  });
}

/** Only the worker itself is its restart policy and the like: whoever claims to be is nobody that is known. */
function refusalOf({ access }: Context, { principal }: Operation): Problem | null {
  try {
    access.require(principal, "operator");
    return null;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
}

/** Those after which the files are another run's, or nobody's. */
function endsUploads({ records }: Context, operation: Operation): boolean {
  const { verb, containerId } = operation;
  if (verb === "restart" || (verb === "delete" && operation.arguments.force)) return true;
  // Of one that runs, the start does nothing and the deletion is refused.
  const record = records.get(containerId);
  return (verb === "start" || verb === "delete") && record !== undefined && !isRunning(record);
}

function isUrgent(operation: Operation): boolean {
  if (operation.verb === "kill") return operation.arguments.signal === "SIGKILL";
  return operation.verb === "delete" && operation.arguments.force;
}

async function carryOut(
  context: Context,
  operation: Operation,
  refusal: () => Problem | null,
): Promise<OperationResult> {
  const known = context.records.get(operation.containerId);
  const earlier = known?.operations.find((done) => done.operation.id === operation.id);
  if (known && earlier) return toResult(known, earlier);
  const failure = context.failures.get(operation.id);
  if (failure) return failure;
  const refused = refusal();
  if (refused) return refuse(context, operation, refused);
  context.activity.begin(toPending(operation, "running", known?.spec.name ?? null));
  try {
    return await carryThrough(context, operation);
  } finally {
    context.activity.end(operation.id);
  }
}

/** A request of somebody who may not: nothing of the container changes, but what became of it is told. */
function refuse(context: Context, operation: Operation, problem: Problem): Promise<OperationResult> {
  const { id, principal, containerId, verb } = operation;
  context.log.warn({ operation: id, principal, container: containerId, verb, problem: problem.code }, "refused");
  const now = new Date().toISOString();
  const failed = { state: "failed", problem, startedAt: now, finishedAt: now } as const;
  return announceWithoutRecord(context, { operation, ...failed, status: null, revision: 0 });
}

async function carryThrough(context: Context, operation: Operation): Promise<OperationResult> {
  const startedAt = new Date().toISOString();
  const outcome = await attempt(context, operation);
  // The verb may have written the record before it failed: that one counts.
  const record = outcome.record ?? context.records.get(operation.containerId);
  const done: Done = {
    operation,
    state: outcome.problem ? "failed" : "succeeded",
    startedAt,
    finishedAt: new Date().toISOString(),
    problem: outcome.problem ?? null,
    status: null,
    revision: 0,
  };
  log(context, done);
  if (!record) return announceWithoutRecord(context, done);
  const change = closing(operation, record, again(operation, record, outcome));
  const next = await commit(context, record, change, { durable: true, done });
  follow(context, next);
  return resultOf(next, operation.id);
}

type Attempt = { record?: ContainerRecord; change: Change; problem?: Problem };

async function attempt(context: Context, operation: Operation): Promise<Attempt> {
  try {
    const record = context.records.get(operation.containerId);
    if (record) {
      refuseOvertaken(record, operation);
      refuseDamaged(record, operation);
    }
    return await carryOutVerb(context, operation, record);
  } catch (error) {
    if (error instanceof ProblemError) return failed(context, operation, error.problem);
    context.log.error({ operation: operation.id, container: operation.containerId, err: error }, "operation failed");
    const words = `${operation.verb} failed: ${error instanceof Error ? error.message : error}`;
    const remedy = "Look into the worker's log for the whole error.";
    return failed(context, operation, problem("internal", "Something unexpected happened", words, { remedy }));
  }
}

function carryOutVerb(context: Context, operation: Operation, record?: ContainerRecord): Promise<Outcome> {
  switch (operation.verb) {
    case "create":
      return createContainer(context, operation, record);
    case "start":
      return startContainer(context, operation, record);
    case "stop":
      return stopContainer(context, operation, record);
    case "kill":
      return killContainer(context, operation, record);
    case "restart":
      return restartContainer(context, operation, record);
    case "pause":
      return pauseContainer(context, operation, record);
    case "resume":
      return resumeContainer(context, operation, record);
    case "update":
      return updateContainer(context, operation, record);
    case "delete":
      return deleteContainer(context, operation, record);
  }
}

/** Jobs come in the order of their generations, which the database gave; a request over the socket overtakes them all. */
function refuseOvertaken(record: ContainerRecord, operation: Operation): void {
  const { generation, requestedAt, verb } = operation;
  const isLate =
    generation !== null && (generation <= record.status.generation || requestedAt < (record.directAt ?? ""));
  if (!isLate && !isPointless(operation, record)) return;
  throw fail(
    "superseded",
    "A later request came first",
    `${verb} was overtaken by a later request for this container.`,
    {
      remedy: "Look at the container's state, and ask again if you still want it.",
    },
  );
}

/** Of a container whose record could not be read nothing is known: it can only be deleted. */
function refuseDamaged({ damaged, spec, status }: ContainerRecord, operation: Operation): void {
  if (!damaged || (operation.verb === "delete" && operation.arguments.force)) return;
  const words = `${spec.name}: ${status.problem?.detail ?? "its record could not be read"}`;
  throw fail("record-damaged", "The container's record can't be read", words, {
    remedy: status.problem?.remedy ?? "Delete it with force.",
  });
}

/** What is left of a failed operation: a create that made nothing leaves a deleted record, a start the state before. */
async function failed(context: Context, operation: Operation, problem: Problem): Promise<Attempt> {
  const record = context.records.get(operation.containerId);
  if (!record) return { change: {}, problem };
  if (operation.verb === "create" && record.current?.id === operation.id) {
    await removeFiles(context, record.id);
    return { record, change: { fields: { deletedAt: new Date().toISOString() } }, problem };
  }
  const { state } = record.status;
  if (state === "starting")
    return { record, change: { status: { state: beforeStart(record) }, action: "start-failed" }, problem };
  if (state === "stopping") return { record, change: { status: { state: "running" } }, problem };
  return { record, change: {}, problem };
}

/** Statuses of problems that are an answer to who asked, and say nothing about the container. */
const refusals = [409, 412];

/** What a failed start by the restart policy leads to: the next attempt. */
function again(operation: Operation, record: ContainerRecord, outcome: Attempt): Attempt {
  const { change, problem } = outcome;
  if (operation.principal !== restartPolicy || !problem || problem.code === "superseded") return outcome;
  return { ...outcome, change: endOfAttempt(record, change, record.run === operation.id) };
}

/** The change of an operation that has ended, with what every operation writes down. */
export function closing(operation: Operation, record: ContainerRecord, { change, problem }: Attempt): Change {
  const overtaken = problem?.code === "superseded";
  const isAnswer = problem && (operation.verb === "update" || refusals.includes(problem.status));
  const { generation } = operation;
  const now = new Date().toISOString();
  // A time in the future must not overtake everything that comes until then.
  const askedAt = operation.requestedAt < now ? operation.requestedAt : now;
  return {
    ...change,
    fields: {
      ...change.fields,
      current: null,
      ...(generation === null && !isOwn(operation) && { directAt: askedAt }),
    },
    status: {
      ...change.status,
      generation: overtaken ? record.status.generation : Math.max(record.status.generation, generation ?? 1),
      ...(!isAnswer && { problem: problem ?? null }),
    },
  };
}

/** Goes on with a container after a change: watches it, or plans what it is to do by itself. */
export function follow(context: Context, record: ContainerRecord): void {
  const { state, nextStartAt } = record.status;
  if (state === "running" || state === "paused") followRun(context, record);
  else if (state === "restarting" && nextStartAt !== null) {
    const wait = Math.max(0, Date.parse(nextStartAt) - Date.now());
    setTimeout(() => executeIfCurrent(context, record, policyStart(record)), wait).unref();
  } else if (record.spec.autoRemove && isLive(record) && (state === "exited" || state === "lost")) {
    void context.readers.untilLeft(record.id).then(() => executeIfCurrent(context, record, removal(record)));
  }
}

/** Carries out what the worker does by itself, unless the container has gone another way meanwhile. */
function executeIfCurrent(context: Context, planned: ContainerRecord, operation: Operation): void {
  const now = context.records.find(planned.id);
  if (!now || now.run !== planned.run || isPointless(operation, now)) return;
  executeOwn(context, operation).catch((error) =>
    context.log.error({ operation: operation.id, container: planned.id, err: error }, "not carried out"),
  );
}

/** Watches a container that runs until it ends, and writes that down in its turn. */
function followRun(context: Context, { id }: ContainerRecord): void {
  const record = context.records.get(id);
  if (!record || context.runs.get(id)) return;
  const run = runOf(context, record);
  const settle = async () => {
    const ending = await run.ended;
    await context.lanes.run(id, async () => {
      const now = context.records.get(id);
      // A stop, kill or delete has seen this end itself, and taken the watch away.
      if (!now || context.runs.get(id) !== run) return;
      const { change } = await ended(context, now, ending);
      const next = await commit(context, now, change, { durable: true });
      context.log.info({ container: id, ...endedStatus(ending, "") }, "container ended");
      follow(context, next);
    });
  };
  settle().catch((error) => context.log.error({ container: id, err: error }, "the end of a container was not written"));
}

async function announceWithoutRecord(context: Context, done: Done): Promise<OperationResult> {
  const { arguments: given, ...request } = done.operation;
  const { state, startedAt, finishedAt, problem } = done;
  const result = OperationResult.parse({ ...request, state, startedAt, finishedAt, problem, container: null });
  const operation = { result, arguments: given, trace: null };
  const { node } = context.config;
  const audit = operationEntry(done, result, node);
  await context.outbox.append({ version: 1, node, operation, event: null, container: null, audit }, { durable: true });
  context.failures.put(result);
  context.events.tell({ type: "operation", operation: toSummary(result) });
  return result;
}

function resultOf(record: ContainerRecord, id: string): OperationResult {
  const done = record.operations.find(({ operation }) => operation.id === id);
  if (!done) throw new Error(`the record of ${record.id} has lost operation ${id}`);
  return toResult(record, done);
}

function log(context: Context, { operation, problem, startedAt, finishedAt }: Done): void {
  const { id, verb, containerId, principal } = operation;
  const milliseconds = Date.parse(finishedAt) - Date.parse(startedAt);
  const fields = { operation: id, verb, container: containerId, principal, milliseconds };
  if (problem) context.log.warn({ ...fields, code: problem.code, detail: problem.detail }, "operation failed");
  else context.log.info(fields, "operation succeeded");
}
