"use client";

import { useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { api, problemFrom } from "../api.ts";
import { containerEvents } from "../live/container-events.ts";

/** One container as it changes; `deleted` once it is gone. `show` puts in what a call has just answered. */
export function useContainer(initial: Container) {
  const [container, setContainer] = useState(initial);
  const [deleted, setDeleted] = useState(false);
  const { id } = initial;
  useEffect(() => {
    let current = true;
    const reload = async () => {
      try {
        const fresh = await api.call("getContainer", { params: { name: id } });
        if (current) setContainer(fresh);
      } catch (error) {
        if (current && problemFrom(error).code === "container-not-found") setDeleted(true);
      }
    };
    const unsubscribe = containerEvents.subscribe({
      onEvent: (event) => {
        if (event.container.id !== id) return;
        if (event.action === "deleted") setDeleted(true);
        else setContainer((before) => (event.container.generation < before.generation ? before : event.container));
      },
      onResync: () => void reload(),
    });
    return () => {
      current = false;
      unsubscribe();
    };
  }, [id]);
  return { container, deleted, show: setContainer };
}
