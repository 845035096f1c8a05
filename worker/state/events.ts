import type { ContainerEvent, EventLine } from "../../lib/contract/event.ts";

/** What is told as it happens: an event, a change of a container that is none, how an operation stands, who may ask. */
export type News = Extract<EventLine, { type: "event" | "container" | "operation" | "access" }>;

/** Tells listeners in this process what happens, as it happens. */
export interface Events {
  tell(news: News): void;
  /** Hears everything. Answers how to stop listening. */
  listen(listener: (news: News) => void): () => void;
  /** Hears events alone. */
  subscribe(listener: (event: ContainerEvent) => void): () => void;
}

export function createEvents(): Events {
  const listeners = new Set<(news: News) => void>();
  const listen: Events["listen"] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    tell(news) {
      for (const listener of listeners) listener(news);
    },
    listen,
    subscribe: (listener) => listen((news) => news.type === "event" && listener(news.event)),
  };
}
