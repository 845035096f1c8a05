import { createHash } from "node:crypto";
import type { Principal } from "../../lib/contract/principal.ts";

/** Tickets live 30 s; who asked for one is known a little longer. */
const keptMs = 35_000;

/**
 * Remembers who was given which ticket, so that a terminal's stream ends with the credential that its ticket was asked
 * for with: the WebSocket itself may come without any.
 */
export interface TicketHolders {
  put(ticket: string, holder: Principal): void;
  get(ticket: string): Principal | null;
}

const hashOf = (ticket: string) => createHash("sha256").update(ticket).digest("base64url");

export function createTicketHolders(): TicketHolders {
  const holders = new Map<string, Principal>();
  return {
    put(ticket, holder) {
      const hash = hashOf(ticket);
      holders.set(hash, holder);
      setTimeout(() => holders.delete(hash), keptMs).unref();
    },
    get: (ticket) => holders.get(hashOf(ticket)) ?? null,
  };
}
