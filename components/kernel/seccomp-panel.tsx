"use client";

import { memo, useMemo, useState } from "react";
import type { KernelState, SeccompCall, UnreadPart } from "@/lib/contract/kernel.ts";
import type { HandCommand } from "@/lib/contract/kernel-by-hand.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { formatCount } from "../format.ts";
import { useRefusal } from "../shell/role.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { controlStyle } from "../ui/control-style.ts";
import { Segmented } from "../ui/segmented.tsx";
import { BlockSkeleton } from "../ui/skeleton.tsx";
import { VirtualTable } from "../ui/virtual-table.tsx";
import { Absent, Panel } from "./panel.tsx";
import { describeCall, findCalls, type Verdict, verdictOf } from "./seccomp-answers.ts";
import { TryResult } from "./try-result.tsx";
import { useTry } from "./use-try.ts";

const rowHeight = 32;

interface Props {
  containerId: string;
  /** Undefined until it was read. */
  seccomp: KernelState["seccomp"];
  /** Why it was not read yet. */
  problem: Problem | null;
  /** Whether a call can be tried: the container runs. */
  live: boolean;
  commands: readonly HandCommand[];
  unread: UnreadPart | undefined;
}

/** What the filter answers to every system call of this machine, and a way to try those that it refuses. */
export const SeccompPanel = memo(function SeccompPanel({
  containerId,
  seccomp,
  problem,
  live,
  commands,
  unread,
}: Props) {
  const summary =
    seccomp?.mode === "filter"
      ? `${formatCount(seccomp.filters, "filter")}, ${seccomp.instructions.toLocaleString("en-US")} instructions`
      : seccomp?.mode;
  return (
    <Panel title="Seccomp" summary={summary} commands={commands} unread={unread}>
      {!seccomp && !problem && <BlockSkeleton className="m-4 h-64 w-auto" />}
      {!seccomp && problem && <Absent>{problem.title}. It is tried again by itself.</Absent>}
      {seccomp && seccomp.calls.length === 0 && (
        <Absent>
          No filter of ours is installed: every system call reaches the kernel, and its rights alone decide.
        </Absent>
      )}
      {seccomp && seccomp.calls.length > 0 && <Calls calls={seccomp.calls} containerId={containerId} live={live} />}
    </Panel>
  );
});

function Calls({ calls, containerId, live }: { calls: readonly SeccompCall[]; containerId: string; live: boolean }) {
  const [verdict, setVerdict] = useState<Verdict | "all">("refused");
  const [text, setText] = useState("");
  const trial = useTry(containerId);
  const mayTry = useRefusal("operator") === null;
  const count = (wanted: Verdict) => calls.filter((call) => verdictOf(call) === wanted).length;
  const found = useMemo(() => findCalls(calls, verdict, text), [calls, verdict, text]);
  const verdicts = [
    { value: "refused", label: `Refused ${count("refused")}` },
    { value: "depends", label: `Depends ${count("depends")}` },
    { value: "allowed", label: `Allowed ${count("allowed")}` },
    { value: "all", label: "All" },
  ] as const;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 px-4 pt-3 pb-2">
        <Segmented label="Which calls" items={verdicts} value={verdict} onValueChange={setVerdict} />
        <input
          type="search"
          aria-label="Search system calls"
          placeholder="Name or number"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className={cn(controlStyle, "h-7.5 min-w-32 flex-1 text-xs")}
        />
      </div>
      <TryResult trial={trial} />
      {found.length === 0 ? (
        <p className="px-4 py-6 text-center text-soft text-sm">No system call fits.</p>
      ) : (
        <VirtualTable
          label="System calls"
          framed={false}
          count={found.length}
          rowHeight={rowHeight}
          keyOf={(index) => found[index]?.number ?? index}
          className="max-h-80"
          head={<Head />}
          row={(index) => {
            const call = found[index];
            if (!call) return null;
            const onTry = live && mayTry ? () => void trial.run(call.name) : null;
            return (
              <Row key={call.number} call={call} index={index} pending={trial.pending === call.name} onTry={onTry} />
            );
          }}
        />
      )}
    </>
  );
}

function Head() {
  return (
    <tr className="h-9">
      <th scope="col" className="w-14 pl-4 text-right font-medium">
        No.
      </th>
      <th scope="col" className="px-3 font-medium">
        System call
      </th>
      <th scope="col" className="px-2 font-medium">
        Answer
      </th>
      <th scope="col" className="w-20 pr-3">
        <span className="sr-only">Try it</span>
      </th>
    </tr>
  );
}

const colors: Record<Verdict, string> = { allowed: "text-ok", refused: "text-bad", depends: "text-warn" };

interface RowProps {
  call: SeccompCall;
  index: number;
  pending: boolean;
  onTry: (() => void) | null;
}

function Row({ call, index, pending, onTry }: RowProps) {
  const verdict = verdictOf(call);
  return (
    <tr
      aria-rowindex={index + 2}
      className="border-b text-xs last:border-b-0 hover:bg-hover"
      style={{ height: rowHeight }}
    >
      <td className="pl-4 text-right font-mono text-2xs text-faint tabular-nums">{call.number}</td>
      <th scope="row" className="truncate px-3 font-medium font-mono">
        {call.name}
      </th>
      <td className={cn("truncate px-2", colors[verdict])} title={describeCall(call)}>
        {describeCall(call)}
      </td>
      <td className="pr-3 text-right">
        {verdict === "refused" && onTry && (
          <Button
            size="sm"
            variant="ghost"
            className="h-6 any-pointer-coarse:min-h-7"
            pending={pending}
            aria-label={`Try it: ${call.name}`}
            onClick={onTry}
          >
            Try it
          </Button>
        )}
      </td>
    </tr>
  );
}
