"use client";

import { Plus, X } from "lucide-react";
import Link from "next/link";
import { useCallback, useState } from "react";
import { api } from "../api.ts";
import { buttonStyle } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { Select } from "../ui/select.tsx";
import type { OpenLog } from "./log-feed.ts";
import { LogPanel } from "./log-panel.tsx";

/** The logs of several containers as one, in order of time. The choice stands in the address. */
export function MergedLogs({ all, initial }: { all: readonly string[]; initial: readonly string[] }) {
  const [chosen, setChosen] = useState(initial);
  const choose = (next: readonly string[]) => {
    setChosen(next);
    const query = next.length > 0 ? `?containers=${next.map(encodeURIComponent).join(",")}` : "";
    window.history.replaceState(null, "", `/logs${query}`);
  };
  const rest = all.filter((name) => !chosen.includes(name));
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-1.5">
        {chosen.map((name) => (
          <span key={name} className="inline-flex h-8 items-center rounded-md border bg-surface pl-2.5 text-sm">
            <Link href={`/containers/${name}?tab=logs`} className="font-mono text-xs hover:underline">
              {name}
            </Link>
            <button
              type="button"
              onClick={() => choose(chosen.filter((other) => other !== name))}
              aria-label={`Leave ${name} out`}
              className={cn(buttonStyle({ variant: "ghost", size: "icon" }), "any-pointer-coarse:size-9")}
            >
              <X />
            </button>
          </span>
        ))}
        {rest.length > 0 && (
          <span className="relative">
            <Plus className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-faint" />
            <Select
              aria-label="Add a container"
              items={[{ value: "", label: "Add a container" }, ...rest.map((value) => ({ value, label: value }))]}
              value=""
              onValueChange={(name) => name !== "" && choose([...chosen, name])}
              className="w-48 [&_select]:pl-8"
            />
          </span>
        )}
      </div>
      {chosen.length > 0 ? (
        <Merged key={chosen.join(",")} containers={chosen.join(",")} />
      ) : (
        <p className="rounded-xl border border-dashed py-24 text-center text-faint text-sm">
          {all.length > 0 ? "Add the containers whose output you want to see together." : "There is no container yet."}
        </p>
      )}
    </>
  );
}

function Merged({ containers }: { containers: string }) {
  const open: OpenLog = useCallback(
    ({ before: _, after: __, ...query }, signal) =>
      api.open("readMergedLogs", {
        query: { ...query, containers: containers.split(",") },
        signal,
        accept: query.follow ? "text/event-stream" : "application/x-ndjson",
      }),
    [containers],
  );
  return (
    <LogPanel
      open={open}
      pages={false}
      apart
      names
      run={null}
      download={(query) => `/api/v1/logs?${new URLSearchParams([["containers", containers], ...query])}`}
      downloadName="containers.log"
      className="h-[max(24rem,calc(100dvh-14rem))]"
    />
  );
}
