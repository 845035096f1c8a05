"use client";

import Link from "next/link";
import type { Health } from "@/lib/contract/health.ts";
import { formatSpan } from "../format.ts";
import { useNow } from "../live/clock.tsx";
import { describeAway } from "./describe-away.ts";
import { useHealth } from "./health.tsx";

/** On every page while a part of MiniRun is away: which, since when, and what that means for the one who works. */
export function HealthBanner() {
  const health = useHealth();
  const now = useNow();
  if (health === "unreachable" || health.status === "ok") return null;
  const since = firstSince(health);
  return (
    <div role="status" className="border-warn/30 border-b bg-warn-soft text-sm">
      <p className="mx-auto max-w-7xl px-4 py-2 sm:px-6">
        <span className="font-medium">
          Degraded
          {since && (
            <>
              {" since "}
              <time dateTime={since} suppressHydrationWarning>
                {timeOf(since, now)}
              </time>
            </>
          )}
          .
        </span>{" "}
        <span className="text-soft">{describeAway(health).join(" ")}</span>{" "}
        <Link href="/health" className="underline underline-offset-2 hover:text-ink">
          See the parts
        </Link>
      </p>
    </div>
  );
}

/** When the first of the parts that are away went; null when only a result is late. */
function firstSince({ database, worker, tls }: Health): string | null {
  const moments = [database.since, worker.since, tls.refusal?.since].filter((moment) => moment != null);
  return moments.sort()[0] ?? null;
}

/** The reader's own time of day, and how long ago that was. */
function timeOf(since: string, now: number): string {
  const time = new Date(since).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return `${time}, for ${formatSpan(since, now)}`;
}
