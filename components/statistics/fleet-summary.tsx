"use client";

import Link from "next/link";
import { formatBytes, formatCount, formatPercent, formatRate } from "../format.ts";
import { Card } from "../ui/card.tsx";
import { type FleetRow, type FleetSort, totalOf } from "./fleet.ts";

interface Measure {
  sort: FleetSort;
  title: string;
  read: (row: FleetRow) => number | null;
  format: (value: number) => string;
}

const measures: Measure[] = [
  { sort: "cpu", title: "Most CPU", read: (row) => row.cpuPercent, format: formatPercent },
  { sort: "memory", title: "Most memory", read: (row) => row.memoryBytes, format: formatBytes },
  { sort: "disk", title: "Most disk", read: (row) => row.diskRate, format: formatRate },
];

const shown = 3;

/** Who uses most of what, each with its share of what all use. */
export function TopConsumers({ rows }: { rows: readonly FleetRow[] }) {
  return (
    <div className="grid gap-4 md:grid-cols-3">
      {measures.map((measure) => (
        <Top key={measure.sort} measure={measure} rows={rows} />
      ))}
    </div>
  );
}

function Top({ measure: { title, read, format }, rows }: { measure: Measure; rows: readonly FleetRow[] }) {
  const top = highest(rows, (row) => read(row) ?? 0);
  const all = rows.reduce((sum, row) => sum + (read(row) ?? 0), 0);
  return (
    <Card title={title} className="min-h-38">
      {top.length === 0 && <p className="m-auto text-faint text-sm">none of them uses any now</p>}
      <ol className="py-1.5">
        {top.map((row) => {
          const value = read(row) ?? 0;
          return (
            <li key={row.id} className="relative px-4 py-1 text-sm">
              <Link
                href={`/containers/${row.name}?tab=statistics`}
                prefetch={false}
                className="flex items-baseline justify-between gap-3 rounded any-pointer-coarse:min-h-10 any-pointer-coarse:items-center"
              >
                <span className="truncate">{row.name}</span>
                <span className="whitespace-nowrap text-soft tabular-nums">{format(value)}</span>
              </Link>
              <span aria-hidden="true" className="mt-0.5 block h-0.5 overflow-hidden rounded-full bg-line">
                <span
                  className="block h-full rounded-full bg-accent"
                  style={{ width: `${(value / Math.max(all, 1e-9)) * 100}%` }}
                />
              </span>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}

/** The rows with the highest values above zero, the highest first: found in one pass, since it is looked for each second. */
function highest(rows: readonly FleetRow[], measure: (row: FleetRow) => number): FleetRow[] {
  const top: FleetRow[] = [];
  for (const row of rows) {
    if (measure(row) <= 0) continue;
    const place = top.findIndex((other) => measure(row) > measure(other));
    if (place >= 0) top.splice(place, 0, row);
    else if (top.length < shown) top.push(row);
    if (top.length > shown) top.pop();
  }
  return top;
}

/** What all containers use together, in a line. */
export function Totals({ rows }: { rows: readonly FleetRow[] }) {
  const { cpuPercent, memoryBytes, pids, diskRate, networkRate } = totalOf(rows);
  const facts = [
    ["CPU", formatPercent(cpuPercent)],
    ["Memory", formatBytes(memoryBytes)],
    ["Tasks", pids.toLocaleString("en-US")],
    ["Disk", formatRate(diskRate)],
    ["Network", formatRate(networkRate)],
  ];
  return (
    <div className="flex flex-wrap items-baseline gap-x-5 gap-y-1 text-sm tabular-nums">
      <p className="font-medium">{formatCount(rows.length, "running container")}</p>
      <dl className="flex flex-wrap items-baseline gap-x-5 gap-y-1">
        {facts.map(([name, value]) => (
          <div key={name} className="flex items-baseline gap-1.5">
            <dt className="text-faint text-xs">{name}</dt>
            <dd className="min-w-12 text-soft">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
