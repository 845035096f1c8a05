"use client";

import { useEffect, useState } from "react";
import { type Layout, readLayout } from "./layout.ts";

/** The tabs and splits of a container's terminals, kept in this browser. */
export function useLayout(containerId: string) {
  const key = `minirun.layout.${containerId}`;
  const [layout, setLayout] = useState<Layout>(() => readLayout(localStorage.getItem(key)));
  useEffect(() => localStorage.setItem(key, JSON.stringify(layout)), [key, layout]);
  return [layout, setLayout] as const;
}
