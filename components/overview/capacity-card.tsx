import type { Container } from "@/lib/contract/container.ts";
import type { HostStats } from "@/lib/contract/stats.ts";
import { formatBytes, formatCount } from "../format.ts";
import { Card } from "../ui/card.tsx";
import { Meter } from "../ui/meter.tsx";
import { promised } from "./summarize.ts";

/** What running containers may use together, against what the machine has. */
export function CapacityCard({ containers, host }: { containers: readonly Container[]; host: HostStats | null }) {
  const { memoryBytes, cpus, running } = promised(containers);
  const cores = Number(cpus.toFixed(2));
  return (
    <Card title="Capacity">
      <dl className="flex flex-col gap-3.5 px-4 py-3.5">
        <Share
          name="Memory limits"
          part={formatBytes(memoryBytes)}
          whole={host && formatBytes(host.memoryBytes)}
          value={host ? memoryBytes / host.memoryBytes : null}
        />
        <Share
          name="CPU limits"
          part={`${cores} ${cores === 1 ? "core" : "cores"}`}
          whole={host && String(host.cores)}
          value={host ? cpus / host.cores : null}
        />
      </dl>
      <p className="border-t px-4 py-2.5 text-pretty text-faint text-xs">
        What {running === 0 ? "no container" : formatCount(running, "running container")} may use at most, all together.
        Over 100 % is allowed: the kernel shares what there is.
      </p>
    </Card>
  );
}

interface ShareProps {
  name: string;
  part: string;
  whole: string | null;
  value: number | null;
}

function Share({ name, part, whole, value }: ShareProps) {
  const text = whole === null ? part : `${part} of ${whole}`;
  return (
    <div>
      <dt className="sr-only">{name}</dt>
      <dd>
        <p className="flex items-baseline justify-between gap-3 text-sm">
          <span className="text-soft" aria-hidden="true">
            {name}
          </span>
          <span className="tabular-nums">
            {part}
            {whole !== null && <span className="text-faint"> of {whole}</span>}
          </span>
        </p>
        {value !== null && <Meter label={name} value={value} text={text} className="mt-1.5" />}
      </dd>
    </div>
  );
}
