"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Role } from "@/lib/contract/principal.ts";
import { reaches } from "@/lib/contract/role.ts";

const Own = createContext<Role>("viewer");

/** Tells the pages below who looks at them. The server checks every call by itself: this is for what they show. */
export function RoleProvider({ role, children }: { role: Role; children: ReactNode }) {
  return <Own value={role}>{children}</Own>;
}

const Barrier = createContext<string | null>(null);

/** Tells the parts below why nothing can be done with what they show, whoever looks; null while something can. */
export function Barred({ why, children }: { why: string | null; children: ReactNode }) {
  return <Barrier value={why}>{children}</Barrier>;
}

/** Why the person who looks may not see or do what needs this role; null when they may. */
export function useRoleRefusal(needed: Role): string | null {
  const own = useContext(Own);
  return reaches(own, needed) ? null : `This needs the role ${needed}, and yours is ${own}.`;
}

/** Why the person who looks can't do what needs this role, be it by their role or by what it is done with. */
export function useRefusal(needed: Role): string | null {
  const byRole = useRoleRefusal(needed);
  return useContext(Barrier) ?? byRole;
}
