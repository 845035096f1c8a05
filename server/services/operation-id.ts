import { createHash, randomUUID } from "node:crypto";

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

/** A version 8 UUID (RFC 9562) of a text's SHA-256 digest. */
function uuidFrom(text: string): string {
  const bytes = createHash("sha256").update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
