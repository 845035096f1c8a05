"use client";

import { useCallback, useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { ContainerEvent } from "@/lib/contract/event.ts";
import { api, problemFrom } from "../api.ts";
import { containerEvents } from "../live/container-events.ts";
import { createReadings } from "../live/readings.ts";
import { isOlder, withEvents } from "../live/use-containers.ts";

/** One container as it changes; `deleted` once it is gone. `show` puts in what a call has just answered. */
export function useContainer(initial: Container) {
  const [container, setContainer] = useState(initial);
  const [deleted, setDeleted] = useState(false);
  const { id } = initial;
  useEffect(() => {
    let current = true;
    const readings = createReadings<ContainerEvent, Container>(
      () => api.call("getContainer", { params: { name: id } }),
      (fresh, since) => {
        const [now] = withEvents([fresh], since);
        if (current && now) setContainer(now);
      },
    );
    const reload = async () => {
      try {
        await readings.read();
      } catch (error) {
        if (current && problemFrom(error).code === "container-not-found") setDeleted(true);
      }
    };
    const unsubscribe = containerEvents.subscribe({
      onEvent: (event) => {
        if (event.container.id !== id) return;
        readings.hear(event);
        if (event.action === "deleted") setDeleted(true);
        else setContainer((before) => latest(before, event.container));
      },
      onResync: () => void reload(),
    });
    return () => {
      current = false;
      unsubscribe();
    };
  }, [id]);
  const show = useCallback((answered: Container) => setContainer((before) => latest(before, answered)), []);
  return { container, deleted, show };
}

function latest(before: Container, next: Container): Container {
  return isOlder(next, before) ? before : next;
}
