"use client";

import Link from "next/link";
import type { Health } from "@/lib/contract/health.ts";
import { cn } from "../ui/class-names.ts";
import { useHealth } from "./health.tsx";

const looks: Record<Health["status"] | "unreachable", { label: string; dot: string }> = {
  ok: { label: "Healthy", dot: "bg-ok" },
  degraded: { label: "Degraded", dot: "bg-warn" },
  unreachable: { label: "Unreachable", dot: "bg-bad" },
};

/** How MiniRun is, at a glance; the page behind it says more. */
export function HealthLink() {
  const health = useHealth();
  const { label, dot } = looks[health === "unreachable" ? health : health.status];
  return (
    <Link
      href="/health"
      aria-label={`Health: ${label}`}
      className="flex items-center gap-1.5 rounded-md px-2 py-1 text-soft text-xs hover:bg-hover hover:text-ink"
    >
      <span className={cn("size-1.5 rounded-full", dot)} aria-hidden="true" />
      <span className="hidden sm:inline">{label}</span>
    </Link>
  );
}
