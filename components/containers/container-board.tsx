"use client";

import { Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import type { ContainerList, ContainerState } from "@/lib/contract/container.ts";
import { api, problemFrom } from "../api.ts";
import { formatCount } from "../format.ts";
import { useContainers, useLiveStatus } from "../live/use-containers.ts";
import { Button, buttonStyle } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { PageTitle } from "../ui/page-title.tsx";
import { toastProblem } from "../ui/toaster.tsx";
import { ContainerTable } from "./container-table.tsx";
import { isRunning } from "./describe.ts";
import { EmptyBoard } from "./empty-board.tsx";
import { ListFilter } from "./list-filter.tsx";

const pageSize = 500;

/** Every container, live: search, filter, and what can be done with each. */
export function ContainerBoard({ initial }: { initial: ContainerList }) {
  const [next, setNext] = useState(initial.next);
  const [search, setSearch] = useState("");
  const [state, setState] = useState<ContainerState | "all">("all");
  const stale = useLiveStatus() === "stale";
  const { items, append } = useContainers(initial.items, async () => {
    const fresh = await api.call("listContainers", { query: { limit: pageSize } });
    setNext(fresh.next);
    return fresh.items;
  });

  const showMore = async () => {
    if (next === null) return;
    try {
      const page = await api.call("listContainers", { query: { limit: pageSize, cursor: next } });
      append(page.items);
      setNext(page.next);
    } catch (error) {
      toastProblem(problemFrom(error));
    }
  };

  if (items.length === 0) return <EmptyBoard />;
  const wanted = search.trim().toLowerCase();
  const shown = items
    .filter((item) => state === "all" || item.state === state)
    .filter(({ name, image, command }) => [name, image, command.join(" ")].join("\n").toLowerCase().includes(wanted));
  const running = items.filter(isRunning).length;
  return (
    <>
      <PageTitle
        title="Containers"
        description={`${formatCount(items.length, "container")}, ${running === 0 ? "none" : running} running`}
      >
        <Link href="/new" className={buttonStyle({ variant: "primary" })}>
          <Plus />
          Create container
        </Link>
      </PageTitle>
      <ListFilter search={search} onSearch={setSearch} state={state} onState={setState} />
      <div className={cn("mt-4 transition-opacity", stale && "opacity-60")} data-stale={stale || undefined}>
        {shown.length > 0 ? <ContainerTable containers={shown} /> : <NothingFound onClear={() => clear()} />}
      </div>
      {next !== null && (
        <Button className="mx-auto mt-4" onClick={() => void showMore()}>
          Show more
        </Button>
      )}
    </>
  );

  function clear() {
    setSearch("");
    setState("all");
  }
}

function NothingFound({ onClear }: { onClear: () => void }) {
  return (
    <div className="flex flex-col items-center rounded-xl border border-dashed px-6 py-14 text-center">
      <p className="font-medium">No container fits</p>
      <p className="mt-1 text-soft text-sm">Names, images and commands are searched.</p>
      <Button size="sm" className="mt-4" onClick={onClear}>
        Show all
      </Button>
    </div>
  );
}
