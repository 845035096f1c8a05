import type { AuditEntry } from "@/lib/contract/audit.ts";
import type { RouteName, routes } from "@/lib/contract/routes.ts";

type Lifecycle = "start" | "stop" | "kill" | "restart" | "pause" | "resume";
type CallOf<R> = R extends { method: string; path: string } ? `${R["method"]} ${R["path"]}` : never;
/** The contract's calls that the audit tells of (`isAudited` in server/audit.ts), and what is no call of it. */
type Audited =
  | Exclude<
      CallOf<(typeof routes)[RouteName]>,
      `GET ${string}` | `${string}/tickets` | `POST /containers/{name}/${Lifecycle}`
    >
  | "GET /api/auth/callback/{provider}";

/** Calls in words; the lifecycle's are told by their verb. One of another version shows as it is called. */
const calls: Record<Audited, string> = {
  "POST /sign-in": "Sign in",
  "POST /sign-out": "Sign out",
  "POST /containers": "Create",
  "DELETE /containers/{name}": "Delete",
  "PATCH /containers/{name}": "Update",
  "POST /actions": "Act on several containers",
  "POST /containers/{name}/sessions": "Open a terminal session",
  "DELETE /sessions/{id}": "End a terminal session",
  "POST /sessions/{id}/shares": "Share a terminal",
  "DELETE /sessions/{id}/shares": "Stop sharing a terminal",
  "POST /shares/redeem": "Watch a shared terminal",
  "POST /containers/{name}/files": "Make or move a file",
  "DELETE /containers/{name}/files": "Delete a file",
  "PUT /containers/{name}/files/content": "Write a file",
  "PUT /containers/{name}/files/archive": "Unpack files",
  "POST /containers/{name}/processes/{pid}/signal": "Signal a process",
  "POST /containers/{name}/kernel/try": "Try a system call",
  "POST /labs/{lab}/run": "Run a lab",
  "DELETE /labs/{lab}/run": "End a lab",
  "POST /labs/{lab}/run/sessions": "Open a lab's terminal",
  "POST /sign-in/{provider}": "Begin to sign in by a provider",
  "GET /api/auth/callback/{provider}": "Sign in by a provider",
  "POST /people": "Invite a person",
  "POST /invitations/look-up": "Look at an invitation",
  "POST /invitations/accept": "Accept an invitation",
  "PATCH /people/{id}": "Change a person",
  "DELETE /people/{id}": "Delete a person",
  "POST /people/{id}/links": "Make a person's link",
  "POST /people/{id}/sign-out": "Sign a person out",
  "PATCH /account": "Change the own account",
  "POST /account/password": "Change the own password",
  "DELETE /account/sessions/{id}": "End an own session",
  "POST /tokens": "Create a token",
  "DELETE /tokens/{id}": "Revoke a token",
};

const lifecycle = /^POST \/containers\/\{name\}\/(start|stop|kill|restart|pause|resume)$/;

/** What was done, in a word or a few. */
export function describeAction({ action }: Pick<AuditEntry, "action">): string {
  const verb = lifecycle.exec(action)?.[1] ?? (/^[a-z]+$/.test(action) ? action : null);
  if (verb) return `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}`;
  return Object.hasOwn(calls, action) ? calls[action as Audited] : action;
}

/** Who did it: a name, what the node did by itself, or nobody known. */
export function describeWho({ principal, name }: Pick<AuditEntry, "principal" | "name">): string {
  if (principal === "restart-policy") return "Its restart policy";
  if (principal === "auto-remove") return "Its auto-remove";
  return name ?? principal ?? "Nobody known";
}

/** By what they were known. */
export function describeCredential({ credential }: Pick<AuditEntry, "credential">): string | null {
  if (!credential) return null;
  return (
    {
      operator: "operator token",
      link: "one-time link",
      token: "API token",
      session: "session",
      password: "password",
      provider: "provider",
    }[credential.kind] ?? credential.kind
  );
}
