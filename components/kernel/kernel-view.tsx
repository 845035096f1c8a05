"use client";

import { Cpu } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { type KernelPart, kernelParts, type KernelView as View } from "@/lib/contract/kernel.ts";
import { byHand, type HandCommand } from "@/lib/contract/kernel-by-hand.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { isRunning } from "../containers/describe.ts";
import { Badge } from "../ui/badge.tsx";
import { cn } from "../ui/class-names.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { BlockSkeleton } from "../ui/skeleton.tsx";
import { CapabilitiesPanel } from "./capabilities-panel.tsx";
import { ControlGroupPanel } from "./control-group-panel.tsx";
import { DescriptorsPanel } from "./descriptors-panel.tsx";
import { IdMapsPanel } from "./id-maps-panel.tsx";
import { MountsPanel } from "./mounts-panel.tsx";
import { NamespacesPanel } from "./namespaces-panel.tsx";
import { NetworkPanel } from "./network-panel.tsx";

import { ProcessesPanel } from "./processes-panel.tsx";
import { SeccompPanel } from "./seccomp-panel.tsx";
import { type Kernel, useKernel } from "./use-kernel.ts";

/** What the kernel holds for a container, once a second. What was read last stays when the container ends. */
export function KernelView({ container }: { container: Container }) {
  const kernel = useKernel(container);
  const { view } = kernel;
  // Until there is something to show, whatever keeps it away is told.
  const problem = kernel.problem ?? (view === null && kernel.away ? kernel.onceProblem : null);
  if (!view && !isRunning(container)) return <NothingHeld container={container} />;
  return (
    <div>
      <Status container={container} kernel={kernel} />
      {problem && <ProblemNotice problem={problem} />}
      {view ? <Panels kernel={kernel} view={view} live={isRunning(container)} /> : !problem && <Loading />}
    </div>
  );
}

// What stands in for a part that could not be read: its panel says why.
const none = { total: 0, items: [] };
const noGroup = { version: 0, path: "", frozen: false, resources: [] };
const noCapabilities = {
  known: [],
  bounding: [],
  permitted: [],
  effective: [],
  inheritable: [],
  ambient: [],
  noNewPrivileges: false,
};
const noMaps = { uids: [], gids: [], setgroups: false };
const noNetwork = { totalInterfaces: 0, interfaces: [], totalRoutes: 0, routes: [] };
const noDescriptors = { total: 0, processes: [] };

function Panels({ kernel, view, live }: { kernel: Kernel; view: View; live: boolean }) {
  const ownNetwork = view.namespaces?.find(({ kind }) => kind === "net")?.own ?? false;
  const commands = useCommands(view);
  const of = (part: KernelPart) => ({
    commands: commands[part],
    unread: [...view.unread, ...kernel.unread].find((unread) => unread.part === part),
  });
  return (
    <div className="flex flex-col gap-4">
      <NamespacesPanel namespaces={view.namespaces ?? []} {...of("namespaces")} />
      <Pair>
        <Column wide>
          <ProcessesPanel processes={view.processes ?? none} now={view} before={kernel.before} {...of("processes")} />
          <DescriptorsPanel descriptors={view.descriptors ?? noDescriptors} {...of("descriptors")} />
        </Column>
        <Column>
          <ControlGroupPanel
            group={view.controlGroup ?? noGroup}
            now={view}
            before={kernel.before}
            {...of("controlGroup")}
          />
          <NetworkPanel network={view.network ?? noNetwork} own={ownNetwork} {...of("network")} />
          <IdMapsPanel idMaps={view.idMaps ?? noMaps} {...of("idMaps")} />
        </Column>
      </Pair>
      <Pair>
        <Column wide>
          <CapabilitiesPanel capabilities={view.capabilities ?? noCapabilities} {...of("capabilities")} />
        </Column>
        <Column>
          <SeccompPanel
            containerId={view.containerId}
            seccomp={kernel.seccomp}
            problem={kernel.onceProblem}
            live={live}
            {...of("seccomp")}
          />
        </Column>
      </Pair>
      <MountsPanel mounts={view.mounts ?? none} {...of("mounts")} />
    </div>
  );
}

function Pair({ children }: { children: ReactNode }) {
  return <div className="grid gap-4 lg:grid-cols-12">{children}</div>;
}

/** A column of panels, the last of which takes what height is left. */
function Column({ wide = false, children }: { wide?: boolean; children: ReactNode }) {
  return (
    <div className={cn("flex min-w-0 flex-col gap-4 *:last:flex-1", wide ? "lg:col-span-7" : "lg:col-span-5")}>
      {children}
    </div>
  );
}

/** The commands of each part: the same objects for as long as they name the same process and files. */
function useCommands(view: View): Record<KernelPart, readonly HandCommand[]> {
  const { pid, controlGroup } = view;
  const files = controlGroup?.resources.map(({ files }) => files.length).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the files read is no part of a command
  return useMemo(() => {
    const all = kernelParts.map((part) => [part, byHand(part, view)] as const);
    return Object.fromEntries(all) as Record<KernelPart, HandCommand[]>;
  }, [pid, controlGroup?.path, files]);
}

function Status({ container, kernel: { view, problem, away } }: { container: Container; kernel: Kernel }) {
  return (
    <div className="mb-3 flex min-h-6 flex-wrap items-center gap-x-3 gap-y-1.5 text-faint text-xs">
      <State container={container} seen={view !== null} stale={problem !== null || away} />
      {view && (
        <span className="tabular-nums">
          read at {new Date(view.at).toLocaleTimeString("en-GB")} from procfs, the control group and netlink, for host
          pid <span className="font-mono text-soft">{view.pid}</span>
        </span>
      )}
      <span className="ml-auto flex items-center gap-3">
        <Key color="bg-child">the container's own</Key>
        <Key color="bg-host">the host's</Key>
      </span>
    </div>
  );
}

function Key({ color, children }: { color: string; children: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <span className={`size-2 rounded-full ${color}`} aria-hidden="true" />
      {children}
    </span>
  );
}

function State({ container, seen, stale }: { container: Container; seen: boolean; stale: boolean }) {
  if (!isRunning(container)) return <Badge>Past: this is what the kernel held last</Badge>;
  if (stale) return <Badge tone="warn">Cannot be read now{seen ? ": this is old" : ""}</Badge>;
  if (!seen) return <Badge>Reading</Badge>;
  if (container.state === "paused") return <Badge tone="warn">Paused: the freezer holds every process</Badge>;
  return (
    <Badge tone="ok" dot>
      Live
    </Badge>
  );
}

function NothingHeld({ container }: { container: Container }) {
  return (
    <EmptyState icon={<Cpu />} title="The kernel holds nothing for it">
      {container.name} does not run. Once it is started, its namespaces, processes, mounts, limits and rights are shown
      here as the kernel has them.
    </EmptyState>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the kernel view" className="grid gap-4 lg:grid-cols-12">
      <BlockSkeleton className="h-52 lg:col-span-12" />
      <BlockSkeleton className="h-80 lg:col-span-7" />
      <BlockSkeleton className="h-80 lg:col-span-5" />
    </div>
  );
}
