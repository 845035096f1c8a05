"use client";

import { memo, useState } from "react";
import { type CapabilitySet, capabilitySets, type KernelState, type UnreadPart } from "@/lib/contract/kernel.ts";
import type { HandCommand } from "@/lib/contract/kernel-by-hand.ts";
import { cn } from "../ui/class-names.ts";
import { Segmented } from "../ui/segmented.tsx";
import { capabilityTexts } from "./capability-texts.ts";
import { Panel, Scrolling } from "./panel.tsx";

type Capabilities = NonNullable<KernelState["capabilities"]>;

const setTexts: Record<CapabilitySet, string> = {
  bounding: "what a process here can ever get",
  permitted: "what the first process may turn on",
  effective: "what counts now",
  inheritable: "what passes on through a file that asks for it",
  ambient: "what passes on to any program",
};
const shown = [
  { value: "held", label: "Held" },
  { value: "all", label: "All" },
] as const;

interface Props {
  capabilities: Capabilities;
  commands: readonly HandCommand[];
  unread: UnreadPart | undefined;
}

/** Which capabilities the first process has, in each of the five sets, and what each allows. */
export const CapabilitiesPanel = memo(function CapabilitiesPanel({ capabilities, commands, unread }: Props) {
  const [which, setWhich] = useState<"held" | "all">("held");
  const held = (name: string) => capabilitySets.some((set) => capabilities[set].includes(name));
  const all = [...new Set([...capabilities.known, ...capabilities.bounding])];
  const rows = which === "all" ? all : all.filter(held);
  return (
    <Panel
      title="Capabilities"
      summary={`${all.filter(held).length} of ${all.length}${capabilities.noNewPrivileges ? ", no new privileges" : ""}`}
      commands={commands}
      unread={unread}
    >
      <div className="flex items-center gap-3 px-4 pt-3 pb-1">
        <Segmented label="Which capabilities" items={shown} value={which} onValueChange={setWhich} />
        <p className="text-pretty text-2xs text-faint">
          {capabilities.noNewPrivileges
            ? "No program can gain more: set-uid bits and file capabilities count for nothing."
            : "A set-uid program or one with file capabilities can gain more, up to the bounding set."}
        </p>
      </div>
      {rows.length === 0 ? (
        <p className="px-4 py-6 text-center text-soft text-sm">None: it can do what an ordinary user can.</p>
      ) : (
        <Matrix names={rows} capabilities={capabilities} />
      )}
    </Panel>
  );
});

function Matrix({ names, capabilities }: { names: readonly string[]; capabilities: Capabilities }) {
  return (
    <Scrolling label="Capability matrix" className="max-h-112">
      <table className="w-full table-fixed border-collapse text-left text-xs">
        <thead className="sticky top-0 z-10 bg-surface text-2xs text-faint shadow-[inset_0_-1px_var(--line)]">
          <tr>
            <th scope="col" className="w-40 py-1.5 pl-4 font-medium sm:w-48">
              Capability
            </th>
            {capabilitySets.map((set) => (
              <th
                key={set}
                scope="col"
                className="w-8 text-center font-medium sm:w-9"
                title={`${set}: ${setTexts[set]}`}
              >
                <abbr title={`${set}: ${setTexts[set]}`} className="no-underline">
                  {set.slice(0, 3)}
                </abbr>
              </th>
            ))}
            <th scope="col" className="pr-4 pl-3 font-medium max-sm:hidden">
              Allows to
            </th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <Row key={name} name={name} capabilities={capabilities} />
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

function Row({ name, capabilities }: { name: string; capabilities: Capabilities }) {
  const has = (set: CapabilitySet) => capabilities[set].includes(name);
  const text = capabilityTexts[name] ?? "Newer than this page: see capabilities(7)";
  return (
    <tr className="h-7 border-b last:border-b-0 hover:bg-hover">
      <th
        scope="row"
        className={cn("truncate pl-4 font-medium font-mono text-2xs", !has("effective") && "text-faint")}
        title={text}
      >
        {name.replace(/^CAP_/, "").toLowerCase()}
        <span className="block truncate font-normal font-sans text-faint sm:hidden">{text}</span>
      </th>
      {capabilitySets.map((set) => (
        <td key={set} className="text-center">
          <span
            className={cn(
              "inline-block size-2.5 rounded-xs align-middle",
              has(set) ? (set === "effective" ? "bg-child" : "bg-child/55") : "bg-line",
            )}
            aria-hidden="true"
          />
          <span className="sr-only">{has(set) ? "yes" : "no"}</span>
        </td>
      ))}
      <td className="truncate pr-4 pl-3 text-soft max-sm:hidden" title={text}>
        {text}
      </td>
    </tr>
  );
}
