"use client";

import { Tabs } from "@base-ui/react/tabs";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { isRunning } from "../containers/describe.ts";
import type { Action, ActionOptions } from "../containers/run-action.ts";
import { useLifecycle } from "../containers/use-lifecycle.ts";
import { NeedsRole } from "../shell/needs-role.tsx";
import { Barred } from "../shell/role.tsx";
import { toastDone, toastProblem } from "../ui/toaster.tsx";
import { ContainerHeader } from "./container-header.tsx";
import { DeletedNotice } from "./deleted-notice.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { TabBar } from "./tab-bar.tsx";
import { readTab, type Tab } from "./tabs.ts";
import { useAddress } from "./use-address.ts";
import { useContainer } from "./use-container.ts";
import { useTrace } from "./use-trace.ts";
import {
  ActivityView,
  ConfigurationView,
  FilesView,
  KernelView,
  LogsView,
  ProcessesView,
  StatisticsView,
  TerminalTab,
  TraceView,
} from "./views.tsx";

/** Everything about one container. What it showed stays when the container ends, and even when it is deleted. */
export function ContainerPage({ initial }: { initial: Container }) {
  const { container, deleted, show } = useContainer(initial);
  const { address, go } = useAddress();
  const trace = useTrace(container);
  const { pending, refused, run } = useActions(container);
  useName(container.name);
  // What failed last on a container that runs, say to delete it, is no condition of the container.
  const problem = refused ?? (isRunning(container) ? null : container.problem);
  // A start that failed is shown where it failed.
  const first: Tab = problem && isFailedStart(problem) && !isRunning(container) ? "trace" : "terminal";
  const tab = readTab(address.get("tab"), first);
  const choose = (next: Tab, start: string | null = null) => {
    const isFirst = next === "terminal" && first === "terminal";
    go({ tab: isFirst ? null : next, start, beside: null, path: null, range: null, setting: null });
  };
  const panel = "mt-4 outline-none";

  return (
    <Barred why={deleted ? `${container.name} was deleted.` : null}>
      <ContainerHeader container={container} deleted={deleted} pending={pending} onAction={run} />
      {deleted && <DeletedNotice name={container.name} />}
      {problem && !deleted && (
        <ProblemNotice
          problem={problem}
          onShowTrace={isFailedStart(problem) && tab !== "trace" ? () => choose("trace") : undefined}
        />
      )}
      <Tabs.Root value={tab} onValueChange={(value) => choose(readTab(value, first))} className="mt-5">
        <TabBar tab={tab} />
        <KeptPanel shown={tab === "terminal"} className={panel}>
          <TerminalTab
            container={container}
            trace={trace}
            starting={pending.includes("start")}
            onStart={() => run("start")}
            onShow={choose}
          />
        </KeptPanel>
        <Tabs.Panel value="logs" className={panel}>
          <LogsView container={container} />
        </Tabs.Panel>
        <Tabs.Panel value="statistics" className={panel}>
          <StatisticsView container={container} />
        </Tabs.Panel>
        <Tabs.Panel value="processes" className={panel}>
          <ProcessesView container={container} />
        </Tabs.Panel>
        <Tabs.Panel value="files" className={panel}>
          <NeedsRole needed="operator" title="Files are for operators">
            <FilesView container={container} />
          </NeedsRole>
        </Tabs.Panel>
        <Tabs.Panel value="configuration" className={panel}>
          <ConfigurationView container={container} trace={trace} onChanged={show} />
        </Tabs.Panel>
        <Tabs.Panel value="activity" className={panel}>
          <ActivityView container={container} onShowTrace={(start) => choose("trace", start)} />
        </Tabs.Panel>
        <Tabs.Panel value="trace" className={panel}>
          <TraceView container={container} trace={trace} />
        </Tabs.Panel>
        <Tabs.Panel value="kernel" className={panel}>
          <KernelView container={container} />
        </Tabs.Panel>
      </Tabs.Root>
    </Barred>
  );
}

/** Whether a problem is one that the trace of a start explains. */
function isFailedStart({ cause, code }: Problem): boolean {
  return cause !== undefined || code === "out-of-memory";
}

/** The terminal is loaded when it is first looked at, and stays: its screen and its connection are kept. */
function KeptPanel({ shown, className, children }: { shown: boolean; className: string; children: React.ReactNode }) {
  const [seen, setSeen] = useState(shown);
  useEffect(() => {
    if (shown) setSeen(true);
  }, [shown]);
  return (
    <Tabs.Panel value="terminal" keepMounted className={className}>
      {(seen || shown) && children}
    </Tabs.Panel>
  );
}

function useActions(container: Container) {
  const router = useRouter();
  const [refused, setRefused] = useState<Problem | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was heard of the container since says how it is now
  useEffect(() => setRefused(null), [container]);
  const lifecycle = useLifecycle(container, {
    onDone: (action) => {
      if (action !== "delete") return;
      toastDone(`${container.name} deleted`);
      router.replace("/containers");
    },
    onProblem: (problem) => {
      // A failed start is told on the page, by the container's own problem; everything else here.
      if (problem.containerId === undefined) setRefused(problem);
      else toastProblem(problem);
    },
  });
  const run = (action: Action, options?: ActionOptions) => {
    setRefused(null);
    void lifecycle.run(action, options);
  };
  return { pending: lifecycle.pending, refused, run };
}

/**
 * Keeps the address and the window's title with the container when someone renames it, also where the browser goes back
 * to an address with an earlier name.
 */
function useName(name: string): void {
  const pathname = usePathname();
  const addresses = useRef(new Set<string>());
  useEffect(() => {
    const address = `/containers/${name}`;
    addresses.current.add(address);
    if (pathname === address || !addresses.current.has(pathname)) return;
    window.history.replaceState(null, "", address + window.location.search);
    document.title = `${name} · MiniRun`;
  }, [name, pathname]);
}
