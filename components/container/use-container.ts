"use client";

import { useCallback, useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { ContainerEvent } from "@/lib/contract/event.ts";
import { api, problemFrom } from "../api.ts";
import { containerEvents } from "../live/container-events.ts";
import { createReadings } from "../live/readings.ts";
import { isOlder, withEvents } from "../live/use-containers.ts";

/** One container as it changes; `deleted` once it is gone, and then it is at rest. `show` puts in what a call has just answered. */
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
    const end = () => {
      setDeleted(true);
      setContainer(atRest);
    };
    const reload = async () => {
      try {
        await readings.read();
      } catch (error) {
        if (current && problemFrom(error).code === "container-not-found") end();
      }
    };
    const unsubscribe = containerEvents.subscribe({
      onEvent: (event) => {
        if (event.container.id !== id) return;
        readings.hear(event);
        setContainer((before) => latest(before, event.container));
        if (event.action === "deleted") end();
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

/** One that is gone does not run, whatever was heard of it last: nobody may have seen its end. */
export function atRest(container: Container): Container {
  const { state } = container;
  if (state === "created" || state === "exited" || state === "lost") return container;
  return { ...container, state: "exited", pid: null, nextStartAt: null };
}

function latest(before: Container, next: Container): Container {
  return isOlder(next, before) ? before : next;
}
