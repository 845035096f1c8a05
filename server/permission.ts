import type { Role } from "../lib/contract/principal.ts";
import { type Problem, problem } from "../lib/contract/problem.ts";
import { reaches } from "../lib/contract/role.ts";
import { unauthenticated } from "./problems.ts";
import type { RequestContext } from "./request-context.ts";

/** Who asks, and what kept that from being found out. */
export type Asker = Pick<RequestContext, "principal" | "credentialProblem">;

/**
 * The one place where permission is checked, for calls and WebSockets: what stands against something that needs this
 * role, or null. It knows who asks from the server alone, never from an id that the client sent.
 */
export function refusal(needed: Role, { principal, credentialProblem }: Asker): Problem | null {
  if (!principal) return credentialProblem ?? unauthenticated();
  return reaches(principal.role, needed) ? null : forbidden(needed, principal.role);
}

function forbidden(needed: Role, role: Role): Problem {
  return problem("forbidden", "Your role does not allow that", `this needs the role ${needed}, and yours is ${role}`, {
    remedy: "Ask an administrator for the role, or for somebody to do it.",
    details: { neededRole: needed, role },
  });
}
