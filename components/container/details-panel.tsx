import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import { formatCommand } from "@/lib/contract/command.ts";
import type { Container } from "@/lib/contract/container.ts";
import { failedStepOf } from "@/lib/contract/trace-steps.ts";
import { describeEnding } from "../containers/describe.ts";
import { formatBytes, formatDuration } from "../format.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { TraceStrip } from "./trace-strip.tsx";
import type { TraceState } from "./use-trace.ts";

interface Props {
  container: Container;
  trace: TraceState;
  onShowTrace: () => void;
}

/** What matters about a container while one works in its terminal. */
export function DetailsPanel({ container, trace, onShowTrace }: Props) {
  const ending = describeEnding(container);
  const { limits, command, network, workingDir, missing } = container;
  return (
    <aside aria-label="Details" className="flex flex-col gap-4">
      {ending && (
        <Card title="How it ended">
          <p className="font-medium text-sm">{ending.title}</p>
          <p className="mt-0.5 text-pretty text-soft text-xs">{ending.detail}</p>
        </Card>
      )}
      <StartCard trace={trace} onShowTrace={onShowTrace} />
      <Card title="Limits">
        <Fact name="Memory">{formatBytes(limits.memoryBytes)}</Fact>
        <Fact name="CPU">{limits.cpus === 1 ? "1 core" : `${limits.cpus} cores`}</Fact>
        <Fact name="Processes">{limits.pids.toLocaleString("en-US")}</Fact>
      </Card>
      <Card title="Runs">
        <p className="break-words font-mono text-xs">{formatCommand(command)}</p>
        <div className="mt-2 border-t pt-2">
          <Fact name="Folder">
            <span className="font-mono text-xs">{workingDir}</span>
          </Fact>
          <Fact name="Network">{network === "host" ? "the host's" : "loopback only"}</Fact>
          <Fact name="Users">{container.idRange ? "its own" : "the host's"}</Fact>
          <Fact name="Terminal">{container.tty ? "yes" : "pipes"}</Fact>
        </div>
      </Card>
      {missing.length > 0 && (
        <Card title="Runs without">
          {missing.map(({ feature, reason }) => (
            <p key={feature} className="text-xs not-first:mt-2">
              <span className="font-medium text-warn">{feature}</span>
              <span className="block text-pretty text-soft">{reason}</span>
            </p>
          ))}
        </Card>
      )}
    </aside>
  );
}

function StartCard({ trace, onShowTrace }: { trace: TraceState; onShowTrace: () => void }) {
  if (trace.kind === "none" || trace.kind === "failed") return null;
  if (trace.kind === "loading") {
    return (
      <Card title="Last start">
        <Skeleton className="h-6 w-24" />
        <Skeleton className="mt-2.5 h-2 w-full" />
        <Skeleton className="mt-2.5 h-4.5 w-32" />
      </Card>
    );
  }
  const { totalNs, steps } = trace.trace;
  const failed = failedStepOf({ steps });
  return (
    <Card title="Last start">
      <p className="font-semibold text-lg tabular-nums leading-6 tracking-[-0.02em]">{formatDuration(totalNs)}</p>
      <TraceStrip trace={trace.trace} className="mt-2.5" />
      <button
        type="button"
        onClick={onShowTrace}
        className="mt-2.5 flex items-center gap-1 rounded text-soft text-xs hover:text-ink"
      >
        {failed ? `Failed at ${failed.call}: ${failed.errnoName ?? failed.errno}` : `${steps.length} kernel steps`}
        <ArrowRight className="size-3" aria-hidden="true" />
      </button>
    </Card>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="rounded-xl border bg-surface p-4 shadow-card">
      <h2 className="mb-2 text-faint text-xs">{title}</h2>
      {children}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <p className="flex items-baseline justify-between gap-4 py-0.5 text-sm">
      <span className="text-soft">{name}</span>
      <span className="min-w-0 truncate tabular-nums">{children}</span>
    </p>
  );
}
