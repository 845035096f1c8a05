"use client";

import { useEffect, useState } from "react";

/** A touch keyboard is at least this high; address bars that come and go are lower. */
const minKeyboardPx = 140;

export interface VisibleArea {
  top: number;
  height: number;
}

/** The part of the window above an open touch keyboard, in CSS pixels; null while there is none. */
function visibleAbove(window: { innerHeight: number }, viewport: VisualViewport | null): VisibleArea | null {
  if (!viewport || viewport.scale > 1.01) return null;
  if (window.innerHeight - viewport.height < minKeyboardPx) return null;
  return { top: viewport.offsetTop, height: viewport.height };
}

/** Follows the touch keyboard while `active`. */
export function useAboveKeyboard(active: boolean): VisibleArea | null {
  const [area, setArea] = useState<VisibleArea | null>(null);
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!active || !viewport) return setArea(null);
    const changed = () => setArea(visibleAbove(window, viewport));
    changed();
    viewport.addEventListener("resize", changed);
    viewport.addEventListener("scroll", changed);
    return () => {
      viewport.removeEventListener("resize", changed);
      viewport.removeEventListener("scroll", changed);
    };
  }, [active]);
  return area;
}
