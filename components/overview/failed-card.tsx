"use client";

import { CircleCheck } from "lucide-react";
import Link from "next/link";
import type { Container } from "@/lib/contract/container.ts";
import { StateBadge } from "../containers/state-badge.tsx";
import { formatSpan } from "../format.ts";
import { useNow } from "../live/clock.tsx";
import { Card } from "../ui/card.tsx";
import { Prose } from "../ui/prose.tsx";
import { failureReason } from "./summarize.ts";

const most = 5;

/** What failed lately, and why; the latest first. */
export function FailedCard({ failures }: { failures: readonly Container[] }) {
  const now = useNow();
  return (
    <Card
      title="Failed lately"
      aside={failures.length > most && <span className="text-faint text-xs">{failures.length - most} more</span>}
    >
      {failures.length === 0 ? (
        <p className="flex items-center justify-center gap-2 px-4 py-8 text-soft text-sm">
          <CircleCheck className="size-4 text-ok" aria-hidden="true" />
          Nothing has failed.
        </p>
      ) : (
        <ul>
          {failures.slice(0, most).map((container) => (
            <li key={container.id} className="relative border-b px-4 py-3 last:border-b-0 hover:bg-hover">
              <div className="flex items-center gap-2.5">
                <Link
                  href={`/containers/${container.name}`}
                  prefetch={false}
                  className="min-w-0 truncate font-medium text-sm after:absolute after:inset-0"
                >
                  {container.name}
                </Link>
                <StateBadge container={container} />
                <span className="ml-auto shrink-0 text-faint text-xs tabular-nums">
                  {formatSpan(container.finishedAt ?? container.createdAt, now)} ago
                </span>
              </div>
              <p className="mt-0.5 line-clamp-2 text-pretty break-words text-soft text-xs">
                <Prose>{failureReason(container)}</Prose>
              </p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
