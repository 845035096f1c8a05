"use client";

import { useCallback, useRef } from "react";
import type { Container, ContainerList } from "@/lib/contract/container.ts";
import { formatCount } from "../format.ts";
import { useNow } from "../live/clock.tsx";
import { stats } from "../live/stats.ts";
import { useContainers, useLiveStatus } from "../live/use-containers.ts";
import { readJson } from "../read-json.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageTitle } from "../ui/page-title.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { ContainerRows, type RowsHandle } from "./container-rows.tsx";
import { CreateLink } from "./create-link.tsx";
import { isRunning } from "./describe.ts";
import { EmptyBoard } from "./empty-board.tsx";
import { ListHead } from "./list-head.tsx";
import { isFiltered, selectContainers } from "./list-query.ts";
import { ListToolbar } from "./list-toolbar.tsx";
import { useListCommands } from "./use-list-commands.ts";
import { useListQuery } from "./use-list-query.ts";
import { useSelection } from "./use-selection.ts";

const pageSize = 1000;
const mostPages = 10;

/** Every container, live: search, filter, sort, and what can be done with one or with many. `initial` is a first page. */
export function ContainerBoard({ initial, complete }: { initial: ContainerList; complete: boolean }) {
  const { query, change } = useListQuery();
  const { items, whole } = useContainers(initial.items, complete, readAll);
  const stale = useLiveStatus() === "stale";
  // Rows that are sorted by what they use change places with the clock, not with every sample.
  useNow();
  const shown = selectContainers(items, query, stats.samples());
  const selection = useSelection(shown.map(({ id }) => id));
  const rows = useRef<RowsHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);
  useListCommands({ shown, rows, searchField, selection });

  const latestToggle = useRef(selection.toggle);
  latestToggle.current = selection.toggle;
  const onChoose = useCallback((id: string, on: boolean, range: boolean) => latestToggle.current(id, on, range), []);

  if (items.length === 0 && !isFiltered(query)) return <EmptyBoard />;
  const chosen = items.filter(({ id }) => selection.chosen.has(id));
  const chosenShown = shown.filter(({ id }) => selection.chosen.has(id)).length;
  return (
    <>
      <PageTitle title="Containers" description={whole ? describeCounts(items, shown.length) : "…"}>
        <CreateLink variant="primary" />
      </PageTitle>
      <ListToolbar query={query} onChange={change} containers={items} searchField={searchField} />
      <div className={cn("mt-4 transition-opacity", stale && "opacity-60")} data-stale={stale || undefined}>
        {shown.length === 0 ? (
          <EmptyState
            title="No container fits"
            action={<Button onClick={() => change({ search: "", states: [], label: "" })}>Show all</Button>}
          >
            Names, images, commands and labels are searched.
          </EmptyState>
        ) : (
          <table
            aria-label="Containers"
            aria-rowcount={shown.length + 1}
            className="block overflow-hidden rounded-xl border bg-surface shadow-card"
          >
            <ListHead
              sort={query.sort}
              onSort={(sort) => change({ sort })}
              chosen={chosenShown === 0 ? "none" : chosenShown === shown.length ? "all" : "some"}
              onChooseAll={(on) => selection.set(on ? shown.map(({ id }) => id) : [])}
            />
            <ContainerRows containers={shown} chosen={selection.chosen} onChoose={onChoose} handle={rows} />
          </table>
        )}
      </div>
      <BulkBar chosen={chosen} onChosen={selection.set} />
    </>
  );
}

function describeCounts(items: readonly Container[], shown: number): string {
  const running = items.filter(isRunning).length;
  const all = `${formatCount(items.length, "container")}, ${running === 0 ? "none" : running} running`;
  return shown === items.length ? all : `${shown.toLocaleString("en-US")} of ${all}`;
}

async function readAll(): Promise<readonly Container[]> {
  const all: Container[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const from = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const { items, next } = await readJson<"listContainers">(`/containers?limit=${pageSize}${from}`);
    all.push(...items);
    if (next === null) break;
    cursor = next;
  }
  return all;
}
