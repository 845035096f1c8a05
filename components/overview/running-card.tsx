"use client";

import { SquareTerminal } from "lucide-react";
import Link from "next/link";
import type { Container } from "@/lib/contract/container.ts";
import { describeSince, isRunning } from "../containers/describe.ts";
import { StateBadge } from "../containers/state-badge.tsx";
import { UsageCell } from "../containers/usage-cell.tsx";
import { useNow } from "../live/clock.tsx";
import { stats } from "../live/stats.ts";
import { buttonStyle } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";

const most = 8;

/** What runs now, those that use most first. */
export function RunningCard({ containers }: { containers: readonly Container[] }) {
  // The order follows the clock, not every sample: rows that jump cannot be clicked.
  const now = useNow();
  const running = containers.filter(isRunning);
  const samples = stats.samples();
  const use = ({ id }: Container) => samples.get(id)?.cpu.percent ?? -1;
  const shown = [...running].sort((a, b) => use(b) - use(a)).slice(0, most);
  return (
    <Card
      title="Running"
      aside={
        <Link href="/containers?state=running" className="text-faint text-xs tabular-nums hover:text-ink">
          {running.length > most ? `All ${running.length}` : "All containers"}
        </Link>
      }
    >
      {shown.length === 0 ? (
        <p className="px-4 py-8 text-center text-soft text-sm">Nothing runs now.</p>
      ) : (
        <ul>
          {shown.map((container) => (
            <li
              key={container.id}
              className="relative grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-2 border-b px-4 py-2.5 md:gap-x-6 last:border-b-0 hover:bg-hover md:grid-cols-[minmax(0,1fr)_8rem_7rem_8rem_auto]"
            >
              <div className="min-w-0">
                <Link
                  href={`/containers/${container.name}`}
                  prefetch={false}
                  className="block truncate font-medium text-sm after:absolute after:inset-0"
                >
                  {container.name}
                </Link>
                <span className="block truncate text-faint text-xs tabular-nums">{describeSince(container, now)}</span>
              </div>
              <div className="max-md:order-last">
                <StateBadge container={container} />
              </div>
              <div className="max-md:hidden">
                <UsageCell container={container} of="cpu" />
              </div>
              <div className="max-md:hidden">
                <UsageCell container={container} of="memory" />
              </div>
              <Link
                href={`/containers/${container.name}`}
                prefetch={false}
                aria-label={`Open terminal of ${container.name}`}
                title="Open terminal"
                className={`relative z-10 max-md:hidden ${buttonStyle({ variant: "ghost", size: "icon" })}`}
              >
                <SquareTerminal />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
