import { createHash, randomBytes } from "node:crypto";
import { fail } from "../../lib/contract/problem.ts";

/** How long a ticket lives, in milliseconds. */
export const ticketLifeMs = 30_000;
/** How long we remember one that was used or is too old, to say so. */
const memoryMs = 300_000;

/** What a ticket lets its holder do. */
export interface Grant {
  session: string;
  /** Whom it was issued to; null for the holder of a share, whoever that is. */
  principal: string | null;
  mode: string;
  writable: boolean;
  /** The share that it rests on. */
  share: string | null;
}

interface Ticket extends Grant {
  expires: number;
  used: boolean;
}

/** Single-use tickets for terminal streams, bound to a principal, a session and its mode; kept as hashes. */
export interface Tickets {
  issue(grant: Grant): { ticket: string; expiresAt: string };
  /**
   * Uses a ticket up; `principal` is who the stream's credentials say, or null when it brought none.
   * Throws ticket-required, ticket-invalid, ticket-expired or forbidden, each with the reason.
   */
  redeem(text: string | undefined, session: string, mode: string, principal: string | null): Grant;
}

const remedy = "Ask for a fresh one: POST /api/v1/sessions/{id}/tickets.";
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

/** `now` answers milliseconds since 1970. */
export function createTickets(now: () => number = Date.now): Tickets {
  const tickets = new Map<string, Ticket>();

  const forgetOld = () => {
    for (const [hash, ticket] of tickets) {
      if (ticket.expires + memoryMs > now()) return;
      tickets.delete(hash);
    }
  };

  const use = (text: string, session: string, mode: string): Ticket => {
    const ticket = tickets.get(hashOf(text));
    if (!ticket) throw fail("ticket-invalid", "The ticket does not fit", "nobody issued this ticket", { remedy });
    if (ticket.used) throw fail("ticket-invalid", "The ticket does not fit", "it was used before", { remedy });
    if (ticket.session !== session || ticket.mode !== mode) {
      throw fail("ticket-invalid", "The ticket does not fit", "it was issued for another session", { remedy });
    }
    if (ticket.expires <= now()) {
      throw fail("ticket-expired", "The ticket is too old", `a ticket lives ${ticketLifeMs / 1000} s`, { remedy });
    }
    return ticket;
  };

  return {
    issue(grant) {
      forgetOld();
      const ticket = randomBytes(32).toString("base64url");
      const expires = now() + ticketLifeMs;
      tickets.set(hashOf(ticket), { ...grant, expires, used: false });
      return { ticket, expiresAt: new Date(expires).toISOString() };
    },
    redeem(text, session, mode, principal) {
      if (!text) throw fail("ticket-required", "A ticket is needed", "the hello carries no ticket", { remedy });
      const ticket = use(text, session, mode);
      if (principal !== null && ticket.principal !== null && principal !== ticket.principal) {
        throw fail("forbidden", "The ticket is another's", "it was issued to another principal than the one signed in");
      }
      ticket.used = true;
      return ticket;
    },
  };
}
