import type { WebContext } from "../context.ts";
import type { HubMessage } from "../event-hub.ts";
import { eventStreamResponse, type ServerSentEvent } from "../server-sent-events.ts";

/**
 * Changes of containers as server-sent events. A plain message is a ContainerEvent; `resync` asks to read the state
 * anew, because events may have been missed; `lost` says that the worker is away and what is known grows old.
 */
export function watchEvents(context: WebContext, clientGone: AbortSignal, lastEventId: string | null): Response {
  const signal = AbortSignal.any([clientGone, context.stopping]);
  return eventStreamResponse(signal, (sink) =>
    context.events.subscribe((message) => sink.send(toServerSent(message)), lastEventId),
  );
}

function toServerSent(message: HubMessage): ServerSentEvent {
  if (message.type === "event") return { id: message.event.id, data: message.event };
  return { event: message.type, data: null };
}
