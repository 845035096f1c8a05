"use client";

import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import type { Role } from "@/lib/contract/principal.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { useRoleRefusal } from "./role.tsx";

/** A view that needs a role; whoever has less reads why there is nothing. */
export function NeedsRole({ needed, title, children }: { needed: Role; title: string; children: ReactNode }) {
  const refusal = useRoleRefusal(needed);
  if (refusal === null) return children;
  return (
    <EmptyState icon={<Lock />} title={title}>
      {`${refusal} An administrator can give it to you.`}
    </EmptyState>
  );
}
