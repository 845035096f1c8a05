"use client";

import { useWindowVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { ContainerRow, rowHeight } from "./container-row.tsx";

export interface RowsHandle {
  /** Brings a row into view and puts the focus on it. */
  focusRow: (index: number) => void;
}

interface Props {
  containers: readonly Container[];
  chosen: ReadonlySet<string>;
  onChoose: (id: string, on: boolean, range: boolean) => void;
  handle: RefObject<RowsHandle | null>;
}

const wideScreen = "(width >= 48rem)";

/** The rows of the list: only those near the window are there, between two spacers. */
export function ContainerRows({ containers, chosen, onChoose, handle }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [margin, setMargin] = useState(0);
  const [height, setHeight] = useState(rowHeight.wide);
  const virtualizer = useWindowVirtualizer({
    count: containers.length,
    estimateSize: () => height,
    getItemKey: (index) => containers[index]?.id ?? index,
    overscan: 8,
    scrollMargin: margin,
    initialRect: { width: 1440, height: 900 },
  });

  useLayoutEffect(() => {
    const media = window.matchMedia(wideScreen);
    const measure = () => {
      setMargin((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
      setHeight(media.matches ? rowHeight.wide : rowHeight.narrow);
    };
    measure();
    media.addEventListener("change", measure);
    return () => media.removeEventListener("change", measure);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height is what was measured with
  useEffect(() => virtualizer.measure(), [height, virtualizer]);

  useImperativeHandle(handle, () => ({ focusRow: (index) => focusRow(virtualizer, body.current, containers, index) }));

  const shown = virtualizer.getVirtualItems();
  const before = (shown[0]?.start ?? margin) - margin;
  const after = virtualizer.getTotalSize() - ((shown.at(-1)?.end ?? margin) - margin);
  return (
    <tbody ref={body} className="block" style={{ paddingTop: before, paddingBottom: Math.max(after, 0) }}>
      {shown.map(({ index, key }) => {
        const container = containers[index];
        return (
          container && (
            <ContainerRow
              key={key}
              container={container}
              rowIndex={index + 2}
              chosen={chosen.has(container.id)}
              onChoose={onChoose}
            />
          )
        );
      })}
    </tbody>
  );
}

function focusRow(
  virtualizer: Virtualizer<Window, Element>,
  body: HTMLElement | null,
  containers: readonly Container[],
  index: number,
): void {
  const container = containers[index];
  if (!container) return;
  virtualizer.scrollToIndex(index, { align: "auto" });
  requestAnimationFrame(() =>
    requestAnimationFrame(() =>
      body?.querySelector<HTMLElement>(`[data-row-id="${container.id}"] a`)?.focus({ preventScroll: true }),
    ),
  );
}
