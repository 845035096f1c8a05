"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useRef } from "react";

const lineHeight = 20;

interface Props {
  label: string;
  count: number;
  /** Of the longest line, in characters: how far one can scroll sideways. */
  columns: number;
  line: (index: number) => ReactNode;
}

/** Lines of text of any number, of which only those in sight are drawn. */
export function VirtualLines({ label, count, columns, line }: Props) {
  const box = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  });
  return (
    <section
      ref={box}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="h-[max(20rem,calc(100dvh-20rem))] overflow-auto bg-terminal py-2 font-mono text-xs leading-5 outline-offset-[-2px]"
    >
      <div
        className="relative"
        style={{ height: virtual.getTotalSize(), width: `max(100%, calc(${columns}ch + 6rem))` }}
      >
        {virtual.getVirtualItems().map(({ key, index, start }) => (
          <div
            key={key}
            className="absolute inset-x-0 flex whitespace-pre"
            style={{ height: lineHeight, transform: `translateY(${start}px)` }}
          >
            {line(index)}
          </div>
        ))}
      </div>
    </section>
  );
}
