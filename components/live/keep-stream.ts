import { session } from "./session.ts";
import { watchSight } from "./watch-sight.ts";

const retryMs = 5_000;

interface Kept {
  /** Opens the stream, with its listeners. */
  open(): EventSource;
  /** It is lost; it is opened again. */
  onAway?(): void;
  /** It was closed because nobody looks; it is opened again when somebody does. */
  onRest?(): void;
}

/**
 * Keeps a stream of server-sent events open while the page is looked at, until the server says `end`; a stream that is
 * opened again begins anew. Answers what closes it for good.
 */
export function keepStream({ open, onAway, onRest }: Kept): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = null;
  };
  const connect = () => {
    if (source || !sight.inSight()) return;
    const opened = open();
    source = opened;
    opened.addEventListener("open", session.found);
    opened.addEventListener("end", stop);
    opened.addEventListener("error", () => {
      if (source !== opened) return;
      // A browser gives up for good when it is answered with an error status; then we find out why, and try again.
      if (opened.readyState === EventSource.CLOSED) {
        close();
        retry = setTimeout(connect, retryMs);
        void session.ask();
      }
      onAway?.();
    });
  };
  const sight = watchSight({
    onRest() {
      close();
      onRest?.();
    },
    onSeen: connect,
  });
  const stop = () => {
    sight.stop();
    close();
  };
  connect();
  return stop;
}
