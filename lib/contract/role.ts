/** What people and programs may do, the least first: each may do what those before it may. Without zod, for pages. */
export const roles = ["viewer", "operator", "administrator"] as const;

/** Whether a role may do what another one is the least for. */
export function reaches(role: (typeof roles)[number], needed: (typeof roles)[number]): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
