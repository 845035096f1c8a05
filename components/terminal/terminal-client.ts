import { type Problem, ProblemError, Problem as ProblemSchema, problem } from "@/lib/contract/problem.ts";
import type { Session } from "@/lib/contract/session.ts";
import {
  ackEveryBytes,
  decode,
  Exit,
  encodeAck,
  encodeEndOfInput,
  encodeJson,
  encodeResize,
  Gap,
  Opcode,
  Ready,
  Resized,
} from "@/lib/contract/terminal.ts";
import { createInputQueue, type InputSink, type InputState } from "./input-queue.ts";

export type TerminalState =
  | { kind: "connecting" }
  | { kind: "live"; ready: Ready }
  /** The stream broke; the session goes on and is resumed at `retryAt` (Unix milliseconds). */
  | { kind: "reconnecting"; attempt: number; retryAt: number }
  | { kind: "ended"; exit: Exit }
  | { kind: "refused"; problem: Problem }
  | { kind: "stopped" };

export interface Size {
  cols: number;
  rows: number;
}

/** A WebSocket of the terminal protocol, whichever library makes it. */
export interface TerminalSocket extends InputSink {
  close(): void;
}

export interface SocketEvents {
  open(): void;
  message(bytes: Uint8Array): void;
  /** Once, also when it could not be opened. */
  close(): void;
}

export interface TerminalOptions {
  /** The session with a ticket that was not used yet; what it throws as `session-not-found` is final. */
  openSession(size: Size): Promise<Session>;
  openSocket(path: string, events: SocketEvents): TerminalSocket;
  size(): Size;
  onState(state: TerminalState): void;
  onInput(state: InputState): void;
  /** Shows output, whose last byte ends at the offset `end`; until `consumed` is called at most 512 KiB more will come. */
  onOutput(bytes: Uint8Array, end: number, consumed: () => void): void;
  onGap(gap: { from: number; to: number }): void;
  /** The terminal has another size; told to those who only watch. */
  onResized?(size: Size): void;
  /** While nobody looks, a broken stream is left alone until `wake`. */
  asleep?(): boolean;
}

export interface TerminalClient {
  start(): void;
  /** Asks for the session ahead of `start`, so that only the stream is left to open. */
  prepare(): void;
  /** Sends what was typed. What is typed into a broken stream is held until `sendHeld` or `dropHeld`. */
  send(bytes: Uint8Array): void;
  /** Sends a large text with its progress. `closing` ends its bracket. False while another is under way. */
  paste(bytes: Uint8Array, closing: Uint8Array): boolean;
  cancelPaste(): void;
  sendHeld(): void;
  dropHeld(): void;
  endOfInput(): void;
  resize(size: Size): void;
  /** Somebody looks again, or the network is back: a wait ends. `doubt` says that a live stream may be dead too. */
  wake(doubt: boolean): void;
  /** Leaves the stream; the session goes on. */
  stop(): void;
}

const firstDelayMs = 200;
const maxDelayMs = 10_000;
/** A ticket lives 30 s. */
const preparedForMs = 20_000;

/** Problems that a fresh ticket, a new session or a little time may cure. */
const passing = new Set<Problem["code"]>([
  "ticket-required",
  "ticket-invalid",
  "ticket-expired",
  "worker-unavailable",
  "database-unavailable",
  "too-many-requests",
  "internal",
]);

/**
 * The page's end of a terminal stream: connects, resumes by offset after a break so that every byte comes once,
 * acknowledges what was shown, and says how it stands.
 */
export function createTerminalClient(options: TerminalOptions): TerminalClient {
  let state: TerminalState = { kind: "stopped" };
  let socket: TerminalSocket | null = null;
  /** Counts connections, so that what a former one still says is not heard. */
  let epoch = 0;
  let attempt = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let received: number | null = null;
  let acknowledged = 0;
  let prepared: { session: Promise<Session>; at: number } | null = null;
  const input = createInputQueue(options.onInput);

  const become = (next: TerminalState) => {
    state = next;
    options.onState(next);
  };

  /** What was asked for ahead may have come too early: then the same is asked for again. */
  const takeSession = (): Promise<Session> => {
    const ahead = prepared;
    prepared = null;
    const open = () => options.openSession(options.size());
    return ahead && Date.now() - ahead.at < preparedForMs ? ahead.session.catch(open) : open();
  };

  const connect = async () => {
    epoch += 1;
    const current = epoch;
    try {
      const session = await takeSession();
      if (current !== epoch) return;
      socket = options.openSocket(session.path, {
        open: () => current === epoch && greet(session.ticket),
        message: (bytes) => current === epoch && hear(bytes),
        close: () => current === epoch && fallBack(null),
      });
    } catch (error) {
      if (current !== epoch) return;
      const reason = error instanceof ProblemError ? error.problem : null;
      fallBack(reason, reason !== null && !passing.has(reason.code));
    }
  };

  const greet = (ticket: string) => {
    socket?.send(encodeJson(Opcode.hello, { ticket, ...(received !== null && { resumeFrom: received }) }));
  };

  const hear = (bytes: Uint8Array) => {
    const message = decode(bytes);
    switch (message.opcode) {
      case Opcode.ready:
        return welcome(Ready.parse(message.json));
      case Opcode.output:
      case Opcode.errorOutput:
        return show(message.offset, message.bytes);
      case Opcode.gap: {
        const gap = Gap.parse(message.json);
        received = gap.to;
        return options.onGap(gap);
      }
      case Opcode.resized:
        return options.onResized?.(Resized.parse(message.json));
      case Opcode.exit:
        leave();
        input.clear();
        return become({ kind: "ended", exit: Exit.parse(message.json) });
      case Opcode.problem: {
        const reason = ProblemSchema.safeParse(message.json).data ?? unreadableProblem();
        // A session that was ended while we listened: openSession knows whether there is another.
        return fallBack(reason, !passing.has(reason.code) && reason.code !== "session-not-found");
      }
    }
  };

  const welcome = (ready: Ready) => {
    attempt = 0;
    received ??= ready.offset;
    acknowledged = Math.max(received, ready.offset);
    const { cols, rows } = options.size();
    if (ready.writable) socket?.send(encodeResize(cols, rows));
    become({ kind: "live", ready });
    if (socket && ready.writable) input.open(socket);
  };

  const show = (offset: number, bytes: Uint8Array) => {
    const fresh = bytes.subarray(Math.max(0, (received ?? offset) - offset));
    if (fresh.length === 0) return;
    const end = offset + bytes.length;
    const current = epoch;
    received = end;
    options.onOutput(fresh, end, () => {
      if (current !== epoch || end - acknowledged < ackEveryBytes) return;
      acknowledged = end;
      socket?.send(encodeAck(end));
    });
  };

  /** After a break: tries again later, unless it was refused for good. */
  const fallBack = (reason: Problem | null, forGood = false) => {
    leave();
    if (reason && forGood) {
      input.clear();
      return become({ kind: "refused", problem: reason });
    }
    const delay = Math.min(firstDelayMs * 2 ** attempt, maxDelayMs) * (0.8 + 0.4 * Math.random());
    attempt += 1;
    become({ kind: "reconnecting", attempt, retryAt: Date.now() + delay });
    retry = setTimeout(() => {
      if (!options.asleep?.()) void connect();
    }, delay);
  };

  const leave = () => {
    epoch += 1;
    clearTimeout(retry);
    input.break();
    socket?.close();
    socket = null;
  };

  return {
    start() {
      leave();
      attempt = 0;
      become({ kind: "connecting" });
      void connect();
    },
    prepare() {
      const session = options.openSession(options.size());
      session.catch(() => {});
      prepared = { session, at: Date.now() };
    },
    send(bytes) {
      if (state.kind === "live" ? state.ready.writable : state.kind === "connecting") input.push(bytes);
      else if (state.kind === "reconnecting") input.hold(bytes);
    },
    paste: (bytes, closing) => state.kind === "live" && input.paste(bytes, closing),
    cancelPaste: input.cancelPaste,
    sendHeld: input.sendHeld,
    dropHeld: input.dropHeld,
    endOfInput() {
      if (state.kind === "live") socket?.send(encodeEndOfInput());
    },
    resize({ cols, rows }) {
      if (state.kind === "live" && state.ready.writable) socket?.send(encodeResize(cols, rows));
    },
    wake(doubt) {
      if (state.kind === "live" && doubt) leave();
      else if (state.kind !== "reconnecting") return;
      clearTimeout(retry);
      become({ kind: "reconnecting", attempt: 0, retryAt: Date.now() });
      void connect();
    },
    stop() {
      leave();
      input.clear();
      become({ kind: "stopped" });
    },
  };
}

function unreadableProblem(): Problem {
  return problem("protocol-error", "The stream was refused", "the server gave a reason that cannot be read");
}
