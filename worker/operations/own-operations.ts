import type { Operation } from "../../lib/contract/operation.ts";
import { uuidFrom } from "../../lib/uuid-from.ts";
import type { ContainerRecord } from "../state/record.ts";

/** Who asks for what the worker does of itself. */
export const restartPolicy = "restart-policy";
const autoRemove = "auto-remove";

/** Whether the worker itself asks for this: what people ask for is then not overtaken by it. */
export function isOwn({ principal }: Operation): boolean {
  return principal === restartPolicy || principal === autoRemove;
}

/** The start that a restart policy has planned: always the same operation for the same plan. */
export function policyStart(record: ContainerRecord): Operation {
  const id = uuidFrom(`${record.id} ${record.run} ${record.status.nextStartAt} start`);
  return { ...request(record), id, principal: restartPolicy, verb: "start", arguments: {} };
}

/** The removal of a container that is to be gone once it has ended. */
export function removal(record: ContainerRecord): Operation {
  const id = uuidFrom(`${record.id} ${record.run} remove`);
  return { ...request(record), id, principal: autoRemove, verb: "delete", arguments: { force: false } };
}

function request({ id }: ContainerRecord) {
  return { containerId: id, generation: null, requestedAt: new Date().toISOString() };
}

/** Whether someone's request has made an operation of the worker's own pointless meanwhile. */
export function isPointless(operation: Operation, { spec, status, current }: ContainerRecord): boolean {
  // Accepted before a crash: it goes on from wherever it was.
  if (current?.id === operation.id) return false;
  if (operation.principal === restartPolicy) return status.state !== "restarting";
  if (operation.principal === autoRemove) {
    return !spec.autoRemove || (status.state !== "exited" && status.state !== "lost");
  }
  return false;
}
