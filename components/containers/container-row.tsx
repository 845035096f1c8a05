"use client";

import Link from "next/link";
import { formatCommand } from "@/lib/contract/command.ts";
import type { Container } from "@/lib/contract/container.ts";
import { useNow } from "../live/clock.tsx";
import { describeLimits, describeSince } from "./describe.ts";
import { RowActions } from "./row-actions.tsx";
import { StateBadge } from "./state-badge.tsx";

/** One container of the list. The name links to its page, and its link covers the row. */
export function ContainerRow({ container }: { container: Container }) {
  const now = useNow();
  const { name, image, command, limits } = container;
  return (
    <tr className="group relative flex flex-wrap items-center gap-x-3 border-b px-4 py-3 transition-colors last:border-b-0 hover:bg-hover md:table-row md:p-0">
      <th scope="row" className="min-w-0 flex-1 font-normal md:h-15 md:pl-4">
        <Link
          href={`/containers/${name}`}
          prefetch={false}
          className="block truncate font-medium text-ink after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-lg focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
        >
          {name}
        </Link>
        <span className="block truncate font-mono text-faint text-xs">{image}</span>
      </th>
      <td className="md:px-3">
        <StateBadge container={container} />
        <span className="mt-0.5 hidden pl-2 text-faint text-xs tabular-nums md:block">
          {describeSince(container, now)}
        </span>
      </td>
      <td className="mt-1.5 w-full min-w-0 md:mt-0 md:w-auto md:px-3">
        <span className="block truncate font-mono text-soft text-xs" title={formatCommand(command)}>
          {formatCommand(command)}
        </span>
      </td>
      <td className="hidden px-3 text-soft text-xs tabular-nums lg:table-cell">{describeLimits(limits)}</td>
      <td className="relative z-10 mt-2 flex w-full items-center justify-between md:mt-0 md:table-cell md:w-36 md:pr-3 md:text-right">
        <span className="text-faint text-xs tabular-nums md:hidden">{describeSince(container, now)}</span>
        <RowActions container={container} />
      </td>
    </tr>
  );
}
