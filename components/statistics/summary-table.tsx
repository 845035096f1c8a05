import type { StatsSample } from "@/lib/contract/stats.ts";
import { formatBytes } from "../format.ts";
import { cn } from "../ui/class-names.ts";
import { summarize } from "./chart-model.ts";
import type { ChartPlan } from "./charts.ts";
import { formatValue } from "./units.ts";

interface Props {
  plans: readonly ChartPlan[];
  range: string;
  latest: StatsSample | null;
}

/** The charts in numbers, for whoever does not see them or wants them exactly. */
export function SummaryTable({ plans, range, latest }: Props) {
  const rows = plans.flatMap(({ title, unit, series }) =>
    series.map(({ label, values }) => ({ title, unit, label, summary: summarize(values) })),
  );
  if (rows.length === 0) return null;
  return (
    <section aria-label="Summary" className="mt-4 overflow-hidden rounded-xl border bg-surface shadow-card">
      <table className="w-full text-sm">
        <caption className="border-b px-4 py-3 text-left font-semibold tracking-tight">
          In numbers <span className="font-normal text-faint text-xs">over {range}</span>
        </caption>
        <thead className="bg-sunken/60 text-faint text-xs">
          <tr>
            <th scope="col" className="h-8 px-4 text-left font-medium">
              Measured
            </th>
            {["Now", "Mean", "Highest"].map((name) => (
              <th
                key={name}
                scope="col"
                className={cn("px-4 text-right font-medium", name === "Mean" && "max-sm:hidden")}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {rows.map(({ title, unit, label, summary }) => (
            <tr key={`${title} ${label}`} className="border-t">
              <th scope="row" className="h-8 px-4 text-left font-normal">
                {title} <span className="text-faint">{label}</span>
              </th>
              <td className="whitespace-nowrap px-4 text-right">{formatValue(unit, summary?.latest)}</td>
              <td className="px-4 text-right text-soft max-sm:hidden">{formatValue(unit, summary?.mean)}</td>
              <td className="px-4 text-right text-soft">{formatValue(unit, summary?.highest)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {latest && <Totals sample={latest} />}
    </section>
  );
}

function Totals({ sample: { cpu, memory, io, network } }: { sample: StatsSample }) {
  const facts = [
    ["CPU time", cpu.usageSeconds, (value: number) => `${value.toFixed(1)} s`],
    ["Throttled", cpu.throttledSeconds, (value: number) => `${value.toFixed(1)} s`],
    ["Memory peak", memory.peakBytes, formatBytes],
    ["Swap", memory.swapBytes, formatBytes],
    ["Killed for memory", memory.oomKills, String],
    ["Read", io.readBytes, formatBytes],
    ["Written", io.writeBytes, formatBytes],
    ["Received", network?.receivedBytes ?? null, formatBytes],
    ["Sent", network?.sentBytes ?? null, formatBytes],
  ] as const;
  return (
    <div className="border-t bg-sunken/40 px-4 py-3 text-xs">
      <p className="mb-2 font-medium text-soft">Since its start</p>
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        {facts.map(
          ([name, value, format]) =>
            value !== null && (
              <div key={name}>
                <dt className="text-faint">{name}</dt>
                <dd className="tabular-nums">{format(value)}</dd>
              </div>
            ),
        )}
      </dl>
    </div>
  );
}
