"use client";

import Link from "next/link";
import { useEffect, useState } from "react";
import type { Health } from "@/lib/contract/health.ts";
import { useLiveStatus } from "../live/use-containers.ts";
import { readJson } from "../read-json.ts";
import { cn } from "../ui/class-names.ts";

const pollMs = 15_000;

type Shown = Health["status"] | "unreachable";

const looks: Record<Shown, { label: string; dot: string }> = {
  ok: { label: "Healthy", dot: "bg-ok" },
  degraded: { label: "Degraded", dot: "bg-warn" },
  unreachable: { label: "Unreachable", dot: "bg-bad" },
};

/** How MiniRun is, at a glance; the page behind it says more. */
export function HealthLink({ initial }: { initial: Health["status"] }) {
  const [shown, setShown] = useState<Shown>(initial);
  const live = useLiveStatus();
  // Asked again at once when the stream breaks or comes back: that is when it changes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `live` is the reason to ask, not a part of the question
  useEffect(() => {
    let current = true;
    const ask = () =>
      readJson<"health">("/health").then(
        ({ status }) => current && setShown(status),
        () => current && setShown("unreachable"),
      );
    void ask();
    const timer = setInterval(() => document.visibilityState === "visible" && void ask(), pollMs);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [live]);
  const { label, dot } = looks[shown];
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
