"use client";

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { ContainerEvent } from "@/lib/contract/event.ts";
import { containerEvents, type LiveStatus } from "./container-events.ts";
import { createReadings } from "./readings.ts";

/** Whether what the page shows is live. */
export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(containerEvents.onStatus, containerEvents.status, () => "connecting");
}

/**
 * The containers with events worked in, in order: in place when it is known, else in front. An older state never
 * replaces a newer.
 */
export function withEvents(items: readonly Container[], events: readonly ContainerEvent[]): readonly Container[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const added: string[] = [];
  for (const { action, container } of events) {
    const known = byId.get(container.id);
    if (action === "deleted") {
      byId.delete(container.id);
    } else if (!known || !isOlder(container, known)) {
      if (!known) added.push(container.id);
      byId.set(container.id, container);
    }
  }
  if (added.length === 0) return [...byId.values()];
  const fresh = new Set(added);
  const inFront = [...byId.values()].filter(({ id }) => fresh.has(id)).reverse();
  return [...inFront, ...[...byId.values()].filter(({ id }) => !fresh.has(id))];
}

/** Whether one account of a container is older than another. */
export function isOlder(one: Container, other: Container): boolean {
  return one.generation === other.generation ? one.revision < other.revision : one.generation < other.generation;
}

const gatherMs = 50;

/**
 * Containers as they change. `reload` reads all of them and is called whenever events may have been missed, and at
 * first where `initial` is not `complete`. Events are gathered for a moment, so that a flood costs few renderings.
 */
export function useContainers(
  initial: readonly Container[],
  complete: boolean,
  reload: () => Promise<readonly Container[]>,
) {
  const [items, setItems] = useState(initial);
  const [whole, setWhole] = useState(complete);
  const latestReload = useRef(reload);
  useEffect(() => {
    latestReload.current = reload;
  });
  useEffect(() => {
    let current = true;
    let gathered: ContainerEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      const events = gathered;
      gathered = [];
      timer = undefined;
      setItems((before) => withEvents(before, events));
    };
    const readings = createReadings<ContainerEvent, readonly Container[]>(
      () => latestReload.current(),
      (fresh, since) => {
        if (!current) return;
        setItems(withEvents(fresh, since));
        setWhole(true);
      },
    );
    // One that fails changes nothing: the stream asks to read anew when it is back.
    const readAnew = () => void readings.read().catch(() => {});
    const unsubscribe = containerEvents.subscribe({
      onEvent: (event) => {
        readings.hear(event);
        gathered.push(event);
        timer ??= setTimeout(flush, gatherMs);
      },
      onResync: readAnew,
    });
    if (!complete && containerEvents.status() !== "live") readAnew();
    return () => {
      current = false;
      clearTimeout(timer);
      unsubscribe();
    };
  }, [complete]);
  return { items, whole };
}
