"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Role } from "@/lib/contract/principal.ts";
import { reaches } from "@/lib/contract/role.ts";

const Own = createContext<Role>("viewer");

/** Tells the pages below who looks at them. The server checks every call by itself: this is for what they show. */
export function RoleProvider({ role, children }: { role: Role; children: ReactNode }) {
  return <Own value={role}>{children}</Own>;
}

/** Why the person who looks may not do what needs this role; null when they may. */
export function useRefusal(needed: Role): string | null {
  const own = useContext(Own);
  return reaches(own, needed) ? null : `This needs the role ${needed}, and yours is ${own}.`;
}
