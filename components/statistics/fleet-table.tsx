"use client";

import Link from "next/link";
import { memo } from "react";
import { formatBytes, formatPercent, formatRate } from "../format.ts";
import { cn } from "../ui/class-names.ts";
import { SortHead } from "../ui/sort-head.tsx";
import { VirtualTable } from "../ui/virtual-table.tsx";
import { type FleetRow, type FleetSort, rememberedSeconds } from "./fleet.ts";
import { SparkCanvas } from "./spark-canvas.tsx";

const rowHeight = 44;
const wide = "max-lg:hidden";
const medium = "max-md:hidden";

interface Props {
  rows: readonly FleetRow[];
  sort: FleetSort;
  onSort: (sort: FleetSort) => void;
}

/** Every running container, and what it uses now and in the last minute. */
export function FleetTable({ rows, sort, onSort }: Props) {
  return (
    <VirtualTable
      label="Running containers"
      count={rows.length}
      rowHeight={rowHeight}
      keyOf={(index) => rows[index]?.id ?? index}
      className="max-h-[max(26rem,calc(100dvh-12rem))]"
      head={<Head sort={sort} onSort={onSort} />}
      row={(index) => {
        const row = rows[index];
        return row && <Row key={row.id} row={row} />;
      }}
    />
  );
}

function Head({ sort, onSort }: Pick<Props, "sort" | "onSort">) {
  const sorts = (key: FleetSort) => ({
    sorted: sort === key ? (key === "name" ? ("ascending" as const) : ("descending" as const)) : null,
    onSort: () => onSort(key),
  });
  return (
    <tr>
      <SortHead {...sorts("name")} className="pl-4">
        Name
      </SortHead>
      <SortHead {...sorts("cpu")} end className="w-20 md:w-24">
        CPU
      </SortHead>
      <th scope="col" className={cn("w-32 px-3 font-medium", medium)}>
        <span className="text-faint">last minute</span>
      </th>
      <SortHead {...sorts("memory")} end className="w-24 md:w-36">
        Memory
      </SortHead>
      <th scope="col" className={cn("w-32 px-3 font-medium", wide)}>
        <span className="text-faint">last minute</span>
      </th>
      <SortHead {...sorts("pids")} end className={cn("w-20", medium)}>
        Tasks
      </SortHead>
      <SortHead {...sorts("disk")} end className={cn("w-28", wide)}>
        Disk
      </SortHead>
      <SortHead {...sorts("network")} end className={cn("w-28 pr-4", wide)}>
        Network
      </SortHead>
    </tr>
  );
}

const Row = memo(function Row({ row }: { row: FleetRow }) {
  const { name, cpuPercent, cpuLimitPercent, memoryBytes, memoryLimitBytes, pids, diskRate, networkRate } = row;
  const tight = memoryBytes !== null && memoryLimitBytes !== null && memoryBytes > memoryLimitBytes * 0.9;
  return (
    <tr className="relative border-b tabular-nums last:border-b-0 hover:bg-hover" style={{ height: rowHeight }}>
      <th scope="row" className="min-w-0 pl-4 font-medium">
        <Link
          href={`/containers/${name}?tab=statistics`}
          prefetch={false}
          className="block truncate outline-offset-[-2px] after:absolute after:inset-0"
        >
          {name}
        </Link>
      </th>
      <td className="px-2 text-right">{cpuPercent === null ? <Dash /> : formatPercent(cpuPercent)}</td>
      <td className={cn("px-3", medium)}>
        <SparkCanvas
          values={row.cpuHistory}
          length={rememberedSeconds}
          max={Math.max(cpuLimitPercent ?? 0, ...row.cpuHistory, 1)}
        />
      </td>
      <td className="whitespace-nowrap px-2 text-right">
        {memoryBytes === null ? (
          <Dash />
        ) : (
          <>
            <span className={cn(tight && "font-medium text-bad")}>{formatBytes(memoryBytes)}</span>
            {memoryLimitBytes !== null && (
              <span className="text-faint text-xs max-md:hidden"> / {formatBytes(memoryLimitBytes)}</span>
            )}
          </>
        )}
      </td>
      <td className={cn("px-3", wide)}>
        <SparkCanvas
          values={row.memoryHistory}
          length={rememberedSeconds}
          max={Math.max(...row.memoryHistory, 1) * 1.2}
        />
      </td>
      <td className={cn("px-2 text-right text-soft", medium)}>{pids ?? <Dash />}</td>
      <td className={cn("whitespace-nowrap px-2 text-right text-soft", wide)}>
        {diskRate === null ? <Dash /> : formatRate(diskRate)}
      </td>
      <td className={cn("whitespace-nowrap px-2 pr-4 text-right text-soft", wide)}>
        {networkRate === null ? <Dash /> : formatRate(networkRate)}
      </td>
    </tr>
  );
});

function Dash() {
  return <span className="text-faint">–</span>;
}
