"use client";

import { memo, useMemo } from "react";
import type { KernelMount, KernelState, UnreadPart } from "@/lib/contract/kernel.ts";
import type { HandCommand } from "@/lib/contract/kernel-by-hand.ts";
import { formatCount } from "../format.ts";
import { cn } from "../ui/class-names.ts";
import { VirtualTable } from "../ui/virtual-table.tsx";
import { oneLine } from "./kernel-text.ts";
import { type MountRow, mountTree, purposeOf } from "./mount-tree.ts";
import { OverlayDrawing } from "./overlay-drawing.tsx";
import { Panel } from "./panel.tsx";

const rowHeight = 32;
const wide = "max-md:hidden";

interface Props {
  mounts: NonNullable<KernelState["mounts"]>;
  commands: readonly HandCommand[];
  unread: UnreadPart | undefined;
}

/** The tree of mounts, what lies over what, and the folders that the root is made of. */
export const MountsPanel = memo(function MountsPanel({ mounts: { total, items }, commands, unread }: Props) {
  const rows = useMemo(() => mountTree(items), [items]);
  const overlays = items.filter(({ overlay }) => overlay !== null);
  const covered = items.filter(({ coveredBy }) => coveredBy !== null).length;
  const left = total > items.length ? `, the first ${items.length} are shown` : "";
  return (
    <Panel
      title="Mounts"
      summary={`${formatCount(total, "mount")}${covered > 0 ? `, ${covered} out of sight` : ""}${left}`}
      commands={commands}
      unread={unread}
    >
      {overlays.slice(0, 3).map((mount) => (
        <OverlayDrawing key={mount.id} mount={mount} />
      ))}
      <VirtualTable
        label="Every mount"
        framed={false}
        count={rows.length}
        rowHeight={rowHeight}
        keyOf={(index) => rows[index]?.mount.id ?? index}
        className="max-h-112"
        head={<Head />}
        row={(index) => {
          const row = rows[index];
          return row && <Row key={row.mount.id} row={row} index={index} />;
        }}
      />
    </Panel>
  );
});

function Head() {
  return (
    <tr className="h-9">
      <th scope="col" className="pl-4 font-medium">
        Place
      </th>
      <th scope="col" className="w-24 px-2 font-medium md:w-40">
        From
      </th>
      <th scope="col" className={cn("w-64 px-2 font-medium", wide)}>
        Options
      </th>
      <th scope="col" className={cn("w-28 px-2 font-medium", wide)}>
        Propagation
      </th>
      <th scope="col" className={cn("w-24 pr-4 pl-2 text-right font-medium", wide)}>
        Id
      </th>
    </tr>
  );
}

function Row({ row: { mount, depth }, index }: { row: MountRow; index: number }) {
  const { id, type, source, options, propagation, coveredBy } = mount;
  const readOnly = options.includes("ro");
  return (
    <tr
      aria-rowindex={index + 2}
      className={cn("border-b text-xs last:border-b-0 hover:bg-hover", coveredBy !== null && "text-faint")}
      style={{ height: rowHeight }}
    >
      <th scope="row" className="overflow-hidden pl-4 font-normal">
        <Place mount={mount} depth={depth} />
      </th>
      <td className="truncate px-2 font-mono text-2xs" title={`${type} of ${oneLine(source)}`}>
        <span className={cn(coveredBy === null && "text-ink")}>{oneLine(type)}</span>
        <span className="text-faint max-md:hidden"> {oneLine(source) !== type && oneLine(source)}</span>
      </td>
      <td className={cn("truncate px-2 font-mono text-2xs", wide)} title={mount.superOptions.map(oneLine).join(" ")}>
        <span className={cn(readOnly && coveredBy === null && "text-child-ink")}>{readOnly ? "ro" : "rw"}</span>
        <span className="text-faint">
          {" "}
          {options
            .filter((option) => !/^r[ow]$/.test(option))
            .map(oneLine)
            .join(" ")}
        </span>
      </td>
      <td className={cn("truncate px-2 font-mono text-2xs", wide)}>
        {propagation.length === 0 ? <span className="text-faint">private</span> : propagation.join(" ")}
      </td>
      <td className={cn("pr-4 pl-2 text-right font-mono text-2xs text-faint tabular-nums", wide)}>{id}</td>
    </tr>
  );
}

function Place({ mount, depth }: { mount: KernelMount; depth: number }) {
  const { point, root, coveredBy } = mount;
  const purpose = purposeOf(mount);
  return (
    <span
      className="flex min-w-0 items-center gap-2 [--step:8px] md:[--step:14px]"
      style={{ paddingLeft: `calc(var(--step) * ${Math.min(depth, 12)})` }}
      title={root === "/" ? oneLine(point) : `${oneLine(point)}: ${oneLine(root)} of its file system`}
    >
      {depth > 0 && (
        <span
          aria-hidden="true"
          className="-mr-0.5 h-3 w-2 shrink-0 -translate-y-1 rounded-bl-xs border-line-strong border-b border-l"
        />
      )}
      <span className={cn("truncate font-mono", coveredBy !== null && "line-through decoration-line-strong")}>
        {oneLine(point)}
      </span>
      {coveredBy !== null && (
        <span className="shrink-0 rounded-full border px-1.5 text-2xs">
          beneath <span className="font-mono">{coveredBy}</span>
        </span>
      )}
      {coveredBy === null && purpose && <span className="shrink-0 text-2xs text-faint max-sm:hidden">{purpose}</span>}
    </span>
  );
}
