const heartbeatMs = 15_000;
/** Messages that may wait for a slow reader before it is cut off; it comes back by itself and resumes. */
const defaultMaxWaiting = 1_000;

/** A message of a stream of server-sent events. Without `event` it is a plain message. */
export interface ServerSentEvent {
  event?: string;
  id?: string;
  data: unknown;
}

/** `send` queues a message; `end` closes the stream. */
export interface EventSink {
  send(message: ServerSentEvent): void;
  end(): void;
}

/**
 * Answers with a stream of server-sent events, with a comment every 15 s so that a dead connection is noticed.
 * `start` gets the sink and returns what to do when the stream is over, which is also when `signal` aborts.
 */
export function eventStreamResponse(
  signal: AbortSignal,
  start: (sink: EventSink) => () => void,
  maxWaiting = defaultMaxWaiting,
): Response {
  const encoder = new TextEncoder();
  let finish = () => {};
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let open = true;
        const write = (text: string) => {
          if (!open) return;
          if ((controller.desiredSize ?? 0) <= 0) finish();
          else controller.enqueue(encoder.encode(text));
        };
        const heartbeat = setInterval(() => write(": heartbeat\n\n"), heartbeatMs);
        let stop = () => {};
        finish = () => {
          if (!open) return;
          open = false;
          clearInterval(heartbeat);
          signal.removeEventListener("abort", finish);
          stop();
          controller.close();
        };
        signal.addEventListener("abort", finish);
        write("retry: 1000\n\n");
        stop = start({ send: (message) => write(formatServerSent(message)), end: finish });
        if (!open) stop();
        if (signal.aborted) finish();
      },
      cancel: () => finish(),
    },
    new CountQueuingStrategy({ highWaterMark: maxWaiting }),
  );
  return new Response(stream, { headers });
}

// no-transform keeps Next's compression away, which would hold messages back.
const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store, no-transform" };

/**
 * Answers with a stream of server-sent events whose text a generator makes, no faster than it is taken. The generator
 * ends when the signal that it is given aborts: the client has gone, or the server stops.
 */
export function generatedEventStream(
  outer: AbortSignal,
  generate: (signal: AbortSignal) => AsyncGenerator<string>,
): Response {
  const over = new AbortController();
  const texts = generate(AbortSignal.any([outer, over.signal]));
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await texts.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      cancel: () => over.abort(),
    },
    new CountQueuingStrategy({ highWaterMark: 1 }),
  );
  return new Response(stream, { headers });
}

/** A message as the stream has it. */
export function formatServerSent({ event, id, data }: ServerSentEvent): string {
  const fields = [event && `event: ${event}`, id && `id: ${id}`, `data: ${JSON.stringify(data)}`];
  return `${fields.filter(Boolean).join("\n")}\n\n`;
}
