"use client";

import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { useSyncExternalStore } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { OperationSummary } from "@/lib/contract/operation.ts";
import { CreateLink } from "../containers/create-link.tsx";
import { EmptyBoard } from "../containers/empty-board.tsx";
import { OpenShellButton } from "../containers/open-shell-button.tsx";
import { operations } from "../live/operations.ts";
import { useContainers, useLiveStatus } from "../live/use-containers.ts";
import { useHostStats } from "../live/use-stats.ts";
import { readJson } from "../read-json.ts";
import { Card } from "../ui/card.tsx";
import { cn } from "../ui/class-names.ts";
import { PageTitle } from "../ui/page-title.tsx";
import { CapacityCard } from "./capacity-card.tsx";
import { FailedCard } from "./failed-card.tsx";
import { HostTiles } from "./host-tiles.tsx";
import { overviewParts } from "./overview-parts.ts";
import { RunningCard } from "./running-card.tsx";
import { latestFailures, suggestNext } from "./summarize.ts";

interface Props {
  initial: readonly Container[];
  /** The latest stops and kills. */
  ends: readonly OperationSummary[];
}

/** The machine at a glance: what it has, what runs, what failed, what to do next. */
export function OverviewBoard({ initial, ends }: Props) {
  const { items } = useContainers(initial, true, readParts);
  const stale = useLiveStatus() === "stale";
  const host = useHostStats();
  const latest = useSyncExternalStore(operations.subscribe, operations.snapshot, operations.serverSnapshot);
  if (items.length === 0) return <EmptyBoard />;
  const failures = latestFailures(items, [...latest.items, ...ends]);
  return (
    <>
      <PageTitle title="Overview" description="The machine, and what runs on it.">
        <div className="flex gap-2">
          <CreateLink className="max-sm:hidden" />
          <OpenShellButton />
        </div>
      </PageTitle>
      <div className={cn("mt-5 flex flex-col gap-4 transition-opacity", stale && "opacity-60")}>
        <HostTiles />
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <div className="flex min-w-0 flex-col gap-4">
            <RunningCard containers={items} />
            <FailedCard failures={failures} />
          </div>
          <div className="flex min-w-0 flex-col gap-4">
            <CapacityCard containers={items} host={host} />
            <Card title="What next">
              <ul>
                {suggestNext(items, failures[0], host?.memoryBytes ?? null).map(({ title, detail, href }) => (
                  <li key={title} className="border-b last:border-b-0">
                    <Link
                      href={href}
                      prefetch={false}
                      className="group flex items-center gap-3 px-4 py-3 hover:bg-hover"
                    >
                      <span className="min-w-0 flex-1">
                        <span className="block truncate font-medium text-sm">{title}</span>
                        <span className="block text-pretty text-faint text-xs">{detail}</span>
                      </span>
                      <ArrowRight
                        className="size-4 shrink-0 text-faint transition-[translate] group-hover:translate-x-0.5"
                        aria-hidden="true"
                      />
                    </Link>
                  </li>
                ))}
              </ul>
            </Card>
          </div>
        </div>
      </div>
    </>
  );
}

async function readParts(): Promise<readonly Container[]> {
  const pages = await Promise.all(
    overviewParts.map(({ states, sort, limit }) =>
      readJson<"listContainers">(`/containers?state=${states.join(",")}&sort=${sort}&limit=${limit}`),
    ),
  );
  return pages.flatMap(({ items }) => items);
}
