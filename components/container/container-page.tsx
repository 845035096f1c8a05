"use client";

import { Tabs } from "@base-ui/react/tabs";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { isRunning } from "../containers/describe.ts";
import { type Action, useLifecycle } from "../containers/use-lifecycle.ts";
import { LogsView } from "../logs/logs-view.tsx";
import { TerminalView } from "../terminal/terminal-view.tsx";
import { toastDone, toastProblem } from "../ui/toaster.tsx";
import { ConfigurationView } from "./configuration-view.tsx";
import { ContainerHeader } from "./container-header.tsx";
import { DetailsPanel } from "./details-panel.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { readTab, type Tab, tabs } from "./tabs.ts";
import { TraceView } from "./trace-view.tsx";
import { useContainer } from "./use-container.ts";
import { useTrace } from "./use-trace.ts";

const tabStyle =
  "relative h-9 select-none px-3 text-soft text-sm outline-none transition-colors hover:text-ink focus-visible:rounded-md focus-visible:outline-2 focus-visible:outline-accent focus-visible:-outline-offset-2 data-active:font-medium data-active:text-ink";

/** Everything about one container: its terminal, how it was made, what it printed, what it was asked to be. */
export function ContainerPage({ initial, initialTab }: { initial: Container; initialTab: Tab }) {
  const router = useRouter();
  const { container, deleted } = useContainer(initial);
  const [tab, setTab] = useState(initialTab);
  const [refused, setRefused] = useState<Problem | null>(null);
  const trace = useTrace(container);
  const lifecycle = useLifecycle(container, {
    onDone: () => setRefused(null),
    onProblem: (problem) => {
      // A failed start is told on the page, by the container's own problem; everything else here.
      if (problem.containerId === undefined) setRefused(problem);
      else toastProblem(problem);
    },
  });

  useEffect(() => {
    if (!deleted) return;
    toastDone(`${initial.name} deleted`);
    router.replace("/containers");
  }, [deleted, initial.name, router]);

  const choose = (next: Tab) => {
    setTab(next);
    const url = new URL(window.location.href);
    if (next === "terminal") url.searchParams.delete("tab");
    else url.searchParams.set("tab", next);
    window.history.replaceState(null, "", url);
  };
  const run = (action: Action) => void lifecycle.run(action);
  // What failed last on a container that runs, say to delete it, is no condition of the container.
  const problem = refused ?? (isRunning(container) ? null : container.problem);

  return (
    <>
      <ContainerHeader container={container} pending={lifecycle.pending} onAction={run} />
      {problem && <ProblemNotice problem={problem} onShowTrace={problem.cause && (() => choose("trace"))} />}
      <Tabs.Root value={tab} onValueChange={(value) => choose(readTab(value))} className="mt-5">
        <Tabs.List className="relative flex border-b" aria-label="Views of the container">
          {tabs.map(({ id, label }) => (
            <Tabs.Tab key={id} value={id} className={tabStyle}>
              {label}
            </Tabs.Tab>
          ))}
          <Tabs.Indicator className="absolute bottom-[-1px] left-0 h-0.5 w-(--active-tab-width) translate-x-(--active-tab-left) rounded-full bg-ink transition-[translate,width] duration-200 ease-out" />
        </Tabs.List>
        <Tabs.Panel value="terminal" keepMounted className="mt-4 outline-none">
          <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_19rem]">
            <TerminalView container={container} starting={lifecycle.pending === "start"} onStart={() => run("start")} />
            <DetailsPanel container={container} trace={trace} onShowTrace={() => choose("trace")} />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="trace" className="mt-4 outline-none">
          <TraceView container={container} trace={trace} />
        </Tabs.Panel>
        <Tabs.Panel value="logs" className="mt-4 outline-none">
          <LogsView container={container} />
        </Tabs.Panel>
        <Tabs.Panel value="configuration" className="mt-4 outline-none">
          <ConfigurationView container={container} />
        </Tabs.Panel>
      </Tabs.Root>
    </>
  );
}
