import { createHash, randomUUID } from "node:crypto";
import { uuidFrom } from "../../lib/uuid-from.ts";

/** The id of an operation: the same for the same principal and Idempotency-Key, else a new one. */
export function operationId(principal: string, key: string | null): string {
  return key === null ? randomUUID() : uuidFrom(`operation\0${principal}\0${key}`);
}

/** The id of the container that an operation creates, so that asking again does not make a second one. */
export function createdContainerId(operation: string): string {
  return uuidFrom(`container\0${operation}`);
}

/** Two numbers from 0 up to 1 that follow from an id. */
export function fractionsFrom(id: string): [number, number] {
  const digest = createHash("sha256").update(id).digest();
  return [digest.readUInt32BE(0) / 2 ** 32, digest.readUInt32BE(4) / 2 ** 32];
}
