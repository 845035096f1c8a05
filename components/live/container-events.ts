import type { ContainerEvent } from "@/lib/contract/event.ts";
import type { OperationSummary } from "@/lib/contract/operation.ts";
import { keepStream } from "./keep-stream.ts";

/** `stale`: the stream is lost, here or between web and worker; what is shown may be old. */
export type LiveStatus = "connecting" | "live" | "stale";

export interface LiveListener {
  onEvent?(event: ContainerEvent): void;
  /** An operation was asked for, went on or finished. */
  onOperation?(operation: OperationSummary): void;
  /** Events may have been missed: read the state anew. Also said at once to who comes when the stream is live already. */
  onResync?(): void;
}

/** The page's one stream of container events, open while somebody listens and the page is looked at. */
export interface ContainerEvents {
  subscribe(listener: LiveListener): () => void;
  status(): LiveStatus;
  onStatus(changed: () => void): () => void;
}

const closeAfterMs = 1_000;

export function createContainerEvents(open: () => EventSource): ContainerEvents {
  const listeners = new Set<LiveListener>();
  const watchers = new Set<() => void>();
  let stop: (() => void) | null = null;
  let status: LiveStatus = "connecting";
  let closing: ReturnType<typeof setTimeout> | undefined;

  const become = (next: LiveStatus) => {
    if (status === next) return;
    status = next;
    for (const changed of watchers) changed();
  };

  const listen = (): EventSource => {
    const source = open();
    // One that resumes hears nothing until something happens; a `lost` that still holds comes right behind.
    source.addEventListener("open", () => become("live"));
    source.addEventListener("message", ({ data }: MessageEvent<string>) => {
      become("live");
      const event: ContainerEvent = JSON.parse(data);
      for (const listener of listeners) listener.onEvent?.(event);
    });
    source.addEventListener("operation", ({ data }: MessageEvent<string>) => {
      become("live");
      const operation: OperationSummary = JSON.parse(data);
      for (const listener of listeners) listener.onOperation?.(operation);
    });
    // Also the first that a new stream says, so that whoever comes back to the page sees what has happened meanwhile.
    source.addEventListener("resync", () => {
      become("live");
      for (const listener of listeners) listener.onResync?.();
    });
    source.addEventListener("lost", () => become("stale"));
    return source;
  };

  return {
    subscribe(listener) {
      clearTimeout(closing);
      listeners.add(listener);
      // What it begins with may be older than what the stream has said: the browser's back button shows pages as they were.
      if (status === "live") listener.onResync?.();
      stop ??= keepStream({ open: listen, onAway: () => become("stale"), onRest: () => become("connecting") });
      return () => {
        listeners.delete(listener);
        closing = setTimeout(() => {
          if (listeners.size > 0) return;
          stop?.();
          stop = null;
          become("connecting");
        }, closeAfterMs);
      };
    },
    status: () => status,
    onStatus(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
  };
}

/** The stream of this page. */
export const containerEvents = createContainerEvents(() => new EventSource("/api/v1/events"));
