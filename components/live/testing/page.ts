import { vi } from "vitest";

/** An event stream that a test speaks through. */
export class Source extends EventTarget {
  readyState = 1;
  closed = false;
  /** What the server sends; without `type` a plain message. */
  say(data: unknown, type = "message") {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
  /** The connection opens. */
  connect() {
    this.dispatchEvent(new Event("open"));
  }
  /** The connection breaks; closed (2) for good where the server has answered with an error status. */
  break(readyState: number) {
    this.readyState = readyState;
    this.dispatchEvent(new Event("error"));
  }
  close() {
    this.closed = true;
  }
}

/** A browser's page, for as long as a test runs. */
export interface TestPage {
  /** Streams in the order in which they were opened. */
  sources: Source[];
  open(): EventSource;
  /** Another tab comes in front, or this one does. */
  show(seen: boolean): void;
  /** What /whoami is answered with. */
  whoami(status: number): void;
  /** To be called when the test is over. */
  restore(): void;
}

/** Stubs what of a browser streams need, and the clock, which stands at 0. */
export function stubPage(): TestPage {
  const document = Object.assign(new EventTarget(), { hidden: false });
  const sources: Source[] = [];
  let status = 200;
  vi.useFakeTimers({ now: 0 });
  vi.stubGlobal("document", document);
  class Opened extends Source {
    static readonly CLOSED = 2;
    constructor() {
      super();
      sources.push(this);
    }
  }
  vi.stubGlobal("EventSource", Opened);
  vi.stubGlobal("fetch", async () => new Response(null, { status }));
  return {
    sources,
    open: () => new EventSource(""),
    show(seen) {
      document.hidden = !seen;
      document.dispatchEvent(new Event("visibilitychange"));
    },
    whoami(next) {
      status = next;
    },
    restore() {
      vi.useRealTimers();
      vi.unstubAllGlobals();
    },
  };
}
