import { DatabaseError } from "pg";
import { Operation } from "../contract/operation.ts";
import { fail } from "../contract/problem.ts";
import type { Store } from "./store.ts";

/**
 * Asks a node for an operation: writes it down with its generation and makes the job, in one transaction.
 * One that belongs to a `bulk` action waits for its turn among those.
 * The same id with the same verb, container and arguments answers the first request again.
 * Throws the problems name-taken, container-not-found and key-reused; other errors are the database's
 * (see isDatabaseUnavailable).
 */
export async function submitOperation(
  store: Pick<Store, "pool">,
  node: string,
  operation: Operation,
  idempotencyKey: string | null = null,
  bulk = false,
): Promise<Operation> {
  try {
    const answer = await store.pool.query<{ operation: unknown }>(
      "SELECT minirun_submit($1, $2, $3, $4) AS operation",
      [node, JSON.stringify(operation), idempotencyKey, bulk],
    );
    return Operation.parse(answer.rows[0]?.operation);
  } catch (error) {
    throw explain(error, operation);
  }
}

/** The name that an operation wants for a container. */
export function nameIn(operation: Operation): string | undefined {
  if (operation.verb === "create") return operation.arguments.name;
  return operation.verb === "update" ? operation.arguments.change.name : undefined;
}

function explain(error: unknown, operation: Operation): unknown {
  if (!(error instanceof DatabaseError)) return error;
  if (error.constraint === "containers_live_name") {
    const name = nameIn(operation);
    return fail("name-taken", "The name is taken", `A container named ${name} exists already.`, {
      remedy: "Choose another name, or delete that container first.",
      errors: [{ path: "name", message: "is taken" }],
    });
  }
  if (error.constraint === "operations_pkey") {
    return fail(
      "key-reused",
      "The key stands for another request",
      `Operation ${operation.id} was asked for before, with another verb, container or arguments.`,
      { remedy: "Send a new Idempotency-Key with a new request." },
    );
  }
  if (error.code === "P0002") {
    return fail("container-not-found", "No such container", `There is no container ${operation.containerId}.`);
  }
  return error;
}
