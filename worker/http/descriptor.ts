import type { Socket } from "node:net";

/** The file descriptor of a connection, for SO_PEERCRED (unix(7)); null once it is closed. Node has no public name for it. */
export function descriptorOf(socket: Socket): number | null {
  const handle: unknown = Reflect.get(socket, "_handle");
  if (typeof handle !== "object" || handle === null) return null;
  const fd: unknown = Reflect.get(handle, "fd");
  return typeof fd === "number" && fd >= 0 ? fd : null;
}
