"use client";

import { useRef, useState } from "react";

/** Which of a list's items are chosen. With Shift, everything between the last and this one follows it. */
export function useSelection(order: readonly string[]) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string>(null);

  const toggle = (id: string, on: boolean, range = false) => {
    const from = range && last.current !== null ? order.indexOf(last.current) : -1;
    const to = order.indexOf(id);
    const touched = from < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
    last.current = id;
    setChosen((before) => {
      const next = new Set(before);
      for (const one of touched) on ? next.add(one) : next.delete(one);
      return next;
    });
  };
  return {
    chosen,
    toggle,
    set: (ids: Iterable<string>) => setChosen(new Set(ids)),
    clear: () => setChosen(new Set()),
  };
}
