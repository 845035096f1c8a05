import { describe, expect, it } from "vitest";
import { ProblemError } from "../../lib/contract/problem.ts";
import { createTickets, ticketLifeMs } from "./tickets.ts";

function refusal(attempt: () => void): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ProblemError) return `${error.problem.code}: ${error.problem.detail}`;
    throw error;
  }
  return "let in";
}

describe("tickets", () => {
  let now = 0;
  const tickets = createTickets(() => now);
  const grant = { session: "session", principal: "alice", mode: "attach", writable: true, share: null };
  const issue = () => tickets.issue(grant).ticket;

  it("let in once", () => {
    const ticket = issue();
    expect(refusal(() => tickets.redeem(ticket, "session", "attach", "alice"))).toBe("let in");
    expect(refusal(() => tickets.redeem(ticket, "session", "attach", "alice"))).toBe(
      "ticket-invalid: it was used before",
    );
  });

  it("suffice without other credentials", () => {
    expect(refusal(() => tickets.redeem(issue(), "session", "attach", null))).toBe("let in");
  });

  it("are for one session, one mode and one principal", () => {
    const ticket = issue();
    expect(refusal(() => tickets.redeem(ticket, "other", "attach", null))).toMatch(/^ticket-invalid.*another session/);
    expect(refusal(() => tickets.redeem(ticket, "session", "exec", null))).toMatch(/^ticket-invalid/);
    expect(refusal(() => tickets.redeem(ticket, "session", "attach", "mallory"))).toMatch(/^forbidden/);
  });

  it("of a share are for whoever has them, and only to watch", () => {
    const { ticket } = tickets.issue({ ...grant, principal: null, writable: false, share: "share" });
    expect(tickets.redeem(ticket, "session", "attach", "mallory")).toMatchObject({ writable: false, share: "share" });
  });

  it("live thirty seconds, and say so afterwards", () => {
    const ticket = issue();
    now += ticketLifeMs;
    expect(refusal(() => tickets.redeem(ticket, "session", "attach", null))).toBe(
      "ticket-expired: a ticket lives 30 s",
    );
  });

  it("must be there, and be ours", () => {
    expect(refusal(() => tickets.redeem(undefined, "session", "attach", null))).toMatch(/^ticket-required/);
    expect(refusal(() => tickets.redeem("guess", "session", "attach", null))).toMatch(/^ticket-invalid: nobody issued/);
  });
});
