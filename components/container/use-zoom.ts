import { type RefObject, useEffect, useState } from "react";
import { pan, type Span, zoom } from "./trace-model.ts";

/** Which part of a start is drawn: changed by keys and buttons, and by the wheel with Ctrl, around the pointer. */
export function useZoom(list: RefObject<HTMLElement | null>, totalNs: number) {
  const [span, setSpan] = useState<Span>({ from: 0, to: totalNs });

  useEffect(() => {
    const box = list.current;
    if (!box) return;
    // React's own listeners are passive: they could not keep the page from zooming.
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      const bar = box.querySelector("[data-step] > span[aria-hidden]")?.getBoundingClientRect();
      if (!bar) return;
      event.preventDefault();
      const part = Math.min(Math.max((event.clientX - bar.left) / Math.max(bar.width, 1), 0), 1);
      setSpan((now) => zoom(now, event.deltaY > 0 ? 1.25 : 0.8, now.from + part * (now.to - now.from), totalNs));
    };
    box.addEventListener("wheel", onWheel, { passive: false });
    return () => box.removeEventListener("wheel", onWheel);
  }, [list, totalNs]);

  return {
    span,
    setSpan,
    /** Null shows the whole start. */
    zoomBy: (factor: number | null) =>
      setSpan((now) =>
        factor === null ? { from: 0, to: totalNs } : zoom(now, factor, (now.from + now.to) / 2, totalNs),
      ),
    panBy: (part: number) => setSpan((now) => pan(now, part, totalNs)),
  };
}
