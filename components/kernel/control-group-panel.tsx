"use client";

import { memo } from "react";
import type { ControlResource, KernelState, KernelView, UnreadPart } from "@/lib/contract/kernel.ts";
import type { HandCommand } from "@/lib/contract/kernel-by-hand.ts";
import { cn } from "../ui/class-names.ts";
import { Meter } from "../ui/meter.tsx";
import { Changed } from "./changed.tsx";
import { ControlFiles } from "./control-files.tsx";
import { describeUse, eventsOf, pressureAbsent } from "./describe-resource.ts";
import { Absent, Panel } from "./panel.tsx";

type Group = NonNullable<KernelState["controlGroup"]>;

interface Props {
  group: Group;
  now: KernelView;
  before: KernelView | null;
  commands: readonly HandCommand[];
  unread: UnreadPart | undefined;
}

/** What each controller holds the container to: limit, use and pressure beside each other, and what has happened. */
export const ControlGroupPanel = memo(function ControlGroupPanel({ group, now, before, commands, unread }: Props) {
  const { version, resources, frozen } = group;
  const summary = version === 0 ? "none on this host" : `version ${version}${frozen ? ", frozen" : ""}`;
  return (
    <Panel title="Control group" summary={summary} commands={commands} unread={unread}>
      {version === 0 && <Absent>This host has no control groups: nothing holds the container to its limits.</Absent>}
      <ul className="divide-y">
        {resources.map((resource) => (
          <Resource key={resource.name} resource={resource} now={now} before={before} />
        ))}
      </ul>
      {version > 0 && <Foot group={group} />}
    </Panel>
  );
});

function Foot({ group: { path, version, resources } }: { group: Group }) {
  const hasPressure = resources.some(({ pressure }) => pressure !== null);
  return (
    <p className="mt-auto border-t px-4 py-2 text-2xs text-faint">
      {!hasPressure && <span className="block">Pressure: {pressureAbsent(version)}.</span>}
      <span className="wrap-anywhere font-mono">{path}</span>
    </p>
  );
}

const titles: Record<ControlResource["name"], string> = {
  memory: "Memory",
  cpu: "CPU",
  pids: "Processes",
  io: "Input and output",
};

interface ResourceProps {
  resource: ControlResource;
  now: KernelView;
  before: KernelView | null;
}

function Resource({ resource, now, before }: ResourceProps) {
  const { name, pressure, files } = resource;
  if (files.length === 0) {
    return (
      <li className="px-4 py-3">
        <p className="font-medium text-sm">{titles[name]}</p>
        <p className="mt-0.5 text-faint text-xs">
          This host has no {name} controller: there is no limit and no figure.
        </p>
      </li>
    );
  }
  const use = describeUse(resource, now, before);
  return (
    <li className="px-4 py-3" data-resource={name}>
      <p className="flex items-baseline gap-2 text-sm tabular-nums">
        <span className="font-medium">{titles[name]}</span>
        <span className="ml-auto">
          <Changed className="font-medium">{use.text}</Changed>
          <span className="text-faint text-xs"> {use.of}</span>
        </span>
      </p>
      {use.share !== null && (
        <Meter label={`${titles[name]} in use`} value={use.share} text={`${use.text} ${use.of}`} className="mt-1.5" />
      )}
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-2xs text-faint tabular-nums">
        {eventsOf(resource).map(({ label, value, grave }) => (
          <span key={label} className={cn(grave && "font-medium text-bad")}>
            {label} <Changed className={cn(!grave && "text-soft")}>{value}</Changed>
          </span>
        ))}
        {pressure?.some && (
          <span title="Share of the last 10 s in which some task waited for it">
            pressure <Changed className="text-soft">{`${pressure.some.avg10.toFixed(1)} %`}</Changed>
          </span>
        )}
      </div>
      <ControlFiles files={files} />
    </li>
  );
}
