"use client";

import { ChartLine, Search } from "lucide-react";
import Link from "next/link";
import { useCallback, useRef, useState } from "react";
import { useAddress } from "../container/use-address.ts";
import { useStatsStatus } from "../live/use-stats.ts";
import { HostTiles } from "../overview/host-tiles.tsx";
import { Badge } from "../ui/badge.tsx";
import { buttonStyle } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { controlStyle } from "../ui/control-style.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageTitle } from "../ui/page-title.tsx";
import { RowsSkeleton } from "../ui/skeleton.tsx";
import { type FleetRow, fleetSorts } from "./fleet.ts";
import { TopConsumers, Totals } from "./fleet-summary.tsx";
import { FleetTable } from "./fleet-table.tsx";
import { useFleet } from "./use-fleet.ts";

/** The machine and every container that runs, live. */
export function FleetView() {
  const status = useStatsStatus();
  const { address, replace } = useAddress();
  const sort = fleetSorts.find((key) => key === address.get("sort")) ?? "cpu";
  const pointed = useRef(false);
  const held = useCallback(() => pointed.current, []);
  const rows = useFleet(sort, held);
  return (
    <>
      <PageTitle title="Statistics" description="What the machine and its containers use, every second.">
        {status === "away" ? <Badge tone="warn">Connection lost{rows === null ? "" : ": this is old"}</Badge> : null}
        {status === "live" ? (
          <Badge tone="ok" dot>
            Live
          </Badge>
        ) : null}
      </PageTitle>
      <div className="mt-5 flex flex-col gap-4">
        <HostTiles />
        {rows === null && status === "waiting" && <RowsSkeleton label="Loading the statistics" rows={5} />}
        {rows?.length === 0 && <NothingRuns />}
        {rows !== null && rows.length > 0 && (
          <div
            className={cn("flex flex-col gap-4 transition-opacity", status === "away" && "opacity-60")}
            onPointerEnter={() => (pointed.current = true)}
            onPointerLeave={() => (pointed.current = false)}
          >
            <TopConsumers rows={rows} />
            <Containers rows={rows} sort={sort} onSort={(next) => replace({ sort: next === "cpu" ? null : next })} />
          </div>
        )}
      </div>
    </>
  );
}

type ContainersProps = React.ComponentProps<typeof FleetTable>;

function Containers({ rows, sort, onSort }: ContainersProps) {
  const [wanted, setWanted] = useState("");
  const words = wanted.trim().toLowerCase();
  const found: readonly FleetRow[] = words === "" ? rows : rows.filter(({ name }) => name.includes(words));
  return (
    <div>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <Totals rows={found} />
        <div className="relative w-full sm:w-56">
          <Search
            className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-faint"
            aria-hidden="true"
          />
          <input
            type="search"
            aria-label="Find by name"
            placeholder="Find by name"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
            className={cn(controlStyle, "pl-8")}
          />
        </div>
      </div>
      {found.length > 0 ? (
        <FleetTable rows={found} sort={sort} onSort={onSort} />
      ) : (
        <EmptyState title="None has this in its name">{rows.length} containers run.</EmptyState>
      )}
    </div>
  );
}

function NothingRuns() {
  return (
    <EmptyState
      icon={<ChartLine />}
      title="No container runs"
      action={
        <Link href="/containers" className={buttonStyle()}>
          Show containers
        </Link>
      }
    >
      What each uses is measured every second from its start.
    </EmptyState>
  );
}
