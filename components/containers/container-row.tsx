"use client";

import { RotateCw } from "lucide-react";
import Link from "next/link";
import { memo } from "react";
import { formatCommand } from "@/lib/contract/command.ts";
import type { Container } from "@/lib/contract/container.ts";
import { formatSpan } from "../format.ts";
import { useNow } from "../live/clock.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { cn } from "../ui/class-names.ts";
import { gridStyle } from "./columns.ts";
import { describeSince } from "./describe.ts";
import { RowActions } from "./row-actions.tsx";
import { StateBadge } from "./state-badge.tsx";
import { UsageCell } from "./usage-cell.tsx";

interface Props {
  container: Container;
  /** Its place in the whole list, from 1; the head is row 1. */
  rowIndex: number;
  chosen: boolean;
  onChoose: (id: string, on: boolean, range: boolean) => void;
}

/** Heights of a row in pixels: a line of the table, and a card on a narrow screen. */
export const rowHeight = { wide: 60, narrow: 112 };

/** One container of the list. Its name links to its page, and the link covers the row. */
export const ContainerRow = memo(function ContainerRow({ container, rowIndex, chosen, onChoose }: Props) {
  const now = useNow();
  const { id, name, image, command, createdAt } = container;
  return (
    <tr
      aria-rowindex={rowIndex}
      data-row-id={id}
      className={cn(
        gridStyle,
        "group relative grid h-28 grid-cols-[2rem_minmax(0,1fr)_minmax(0,1fr)_auto] content-center items-center gap-x-2 gap-y-2 border-b px-3 transition-colors last:border-b-0 hover:bg-hover md:h-15 md:gap-0 md:pr-3 md:pl-0",
        chosen && "bg-accent-soft hover:bg-accent-soft",
      )}
    >
      <td className="relative z-10 flex h-10 items-center md:pl-3.5">
        <Checkbox
          aria-label={`Select ${name}`}
          checked={chosen}
          onCheckedChange={(on, { shiftKey }) => onChoose(id, on, shiftKey)}
        />
      </td>
      <th scope="row" className="min-w-0 text-left font-normal max-md:col-span-2 md:px-2">
        <Link
          href={`/containers/${name}`}
          prefetch={false}
          className="block truncate font-medium text-ink text-sm after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
        >
          {name}
        </Link>
        <span className="block truncate font-mono text-faint text-xs" title={formatCommand(command)}>
          <span className="text-soft">{image}</span> {formatCommand(command)}
        </span>
      </th>
      <td className="min-w-0 text-right md:px-2 md:text-left">
        <StateBadge container={container} />
        <span className="mt-0.5 flex items-center justify-end gap-1.5 px-1 text-faint text-xs tabular-nums md:justify-start md:pl-2">
          {describeSince(container, now) || " "}
          <RestartMark container={container} />
        </span>
      </td>
      <td className="max-md:col-start-2 max-md:pr-2 md:px-2">
        <UsageCell container={container} of="cpu" />
      </td>
      <td className="max-md:pr-2 md:px-2">
        <UsageCell container={container} of="memory" />
      </td>
      <td className="px-2 text-soft text-xs tabular-nums max-lg:hidden" title={createdAt}>
        {formatSpan(createdAt, Math.max(now, Date.parse(createdAt)))}
      </td>
      <td className="relative z-10 flex justify-end">
        <RowActions container={container} />
      </td>
    </tr>
  );
});

/** How often its policy has started it again, where that has happened. */
function RestartMark({ container: { restart, restartCount } }: { container: Container }) {
  if (restartCount === 0) return null;
  const words = `started again ${restartCount === 1 ? "once" : `${restartCount} times`} by its policy, ${restart}`;
  return (
    <span className="inline-flex items-center gap-0.5" title={words}>
      <RotateCw className="size-3" aria-hidden="true" />
      <span aria-hidden="true">{restartCount}</span>
      <span className="sr-only">{words}</span>
    </span>
  );
}
