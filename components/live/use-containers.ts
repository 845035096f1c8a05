"use client";

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { ContainerEvent } from "@/lib/contract/event.ts";
import { containerEvents, type LiveStatus } from "./container-events.ts";

/** Whether what the page shows is live. */
export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(containerEvents.onStatus, containerEvents.status, () => "connecting");
}

/** The list with an event worked in: in place when it is known, else in front. An older state never replaces a newer. */
export function withEvent(items: readonly Container[], { action, container }: ContainerEvent): readonly Container[] {
  const known = items.find(({ id }) => id === container.id);
  if (action === "deleted") return known ? items.filter(({ id }) => id !== container.id) : items;
  if (!known) return [container, ...items];
  if (container.generation < known.generation) return items;
  return items.map((item) => (item.id === container.id ? container : item));
}

/**
 * Containers as they change. `reload` reads them anew and is called whenever events may have been missed;
 * `append` adds a further page.
 */
export function useContainers(initial: readonly Container[], reload: () => Promise<readonly Container[]>) {
  const [items, setItems] = useState(initial);
  const latestReload = useRef(reload);
  useEffect(() => {
    latestReload.current = reload;
  });
  useEffect(() => {
    let current = true;
    const unsubscribe = containerEvents.subscribe({
      onEvent: (event) => setItems((before) => withEvent(before, event)),
      onResync: () => {
        latestReload.current().then(
          (fresh) => current && setItems(fresh),
          () => {},
        );
      },
    });
    return () => {
      current = false;
      unsubscribe();
    };
  }, []);
  const append = (more: readonly Container[]) => {
    setItems((before) => [...before, ...more.filter(({ id }) => !before.some((item) => item.id === id))]);
  };
  return { items, append };
}
