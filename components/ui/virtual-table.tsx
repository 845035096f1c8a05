"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type Ref, useImperativeHandle, useRef } from "react";
import { cn } from "./class-names.ts";

/** What a page may ask of a {@link VirtualTable}: to bring a row into sight. */
export interface VirtualTableHandle {
  show: (index: number) => void;
}

interface Props {
  label: string;
  count: number;
  /** Of every row, in pixels. */
  rowHeight: number;
  keyOf: (index: number) => string | number;
  /** The `tr` of the head. */
  head: ReactNode;
  /** The `tr` of a row; it must have the row's height. */
  row: (index: number) => ReactNode;
  /** Bounds the height of what scrolls. */
  className?: string;
  /** False for a table that is a part of something with a frame. */
  framed?: boolean;
  ref?: Ref<VirtualTableHandle>;
}

/** A table of any length that draws only the rows in sight; its head stays at the top. */
export function VirtualTable({ label, count, rowHeight, keyOf, head, row, className, framed = true, ref }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    scrollMargin: 36,
    overscan: 4,
  });
  useImperativeHandle(ref, () => ({ show: (index) => virtual.scrollToIndex(index, { align: "auto" }) }), [virtual]);
  const items = virtual.getVirtualItems();
  const above = (items[0]?.index ?? 0) * rowHeight;
  const below = (count - 1 - (items.at(-1)?.index ?? count - 1)) * rowHeight;
  return (
    <div className={cn("overflow-hidden", framed && "rounded-xl border bg-surface shadow-card")}>
      <section
        ref={box}
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className={cn("overflow-y-auto overflow-x-hidden outline-offset-[-2px]", className)}
      >
        <table aria-rowcount={count + 1} className="w-full table-fixed border-collapse text-left text-sm">
          <thead className="sticky top-0 z-10 bg-sunken text-faint text-xs shadow-[inset_0_-1px_var(--line)]">
            {head}
          </thead>
          <tbody>
            {above > 0 && <Space height={above} />}
            {items.map(({ index }) => row(index))}
            {below > 0 && <Space height={below} />}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Space({ height }: { height: number }) {
  return (
    <tr>
      <td style={{ height, padding: 0 }} />
    </tr>
  );
}
