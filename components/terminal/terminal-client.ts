import { type Problem, ProblemError, Problem as ProblemSchema, problem } from "@/lib/contract/problem.ts";
import type { Session } from "@/lib/contract/session.ts";
import {
  ackEveryBytes,
  decode,
  Exit,
  encodeAck,
  encodeBytes,
  encodeEndOfInput,
  encodeJson,
  encodeResize,
  Gap,
  Opcode,
  Ready,
} from "@/lib/contract/terminal.ts";

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
export interface TerminalSocket {
  send(message: Uint8Array): void;
  close(): void;
  bufferedAmount(): number;
}

export interface SocketEvents {
  open(): void;
  message(bytes: Uint8Array): void;
  /** Once, also when it could not be opened. */
  close(): void;
}

export interface TerminalOptions {
  createSession(size: Size): Promise<Session>;
  renewTicket(sessionId: string): Promise<Session>;
  openSocket(path: string, events: SocketEvents): TerminalSocket;
  /** Where the session's id outlives the page. */
  savedSession: { load(): string | null; save(id: string | null): void };
  size(): Size;
  onState(state: TerminalState): void;
  /** Shows output and calls `consumed` once it has; until then at most 512 KiB more will come. */
  onOutput(bytes: Uint8Array, consumed: () => void): void;
  onGap(gap: { from: number; to: number }): void;
}

export interface TerminalClient {
  start(): void;
  /** Sends what was typed or pasted. Dropped while the stream is broken: nobody sees what it would do. */
  send(bytes: Uint8Array): void;
  endOfInput(): void;
  resize(size: Size): void;
  /** Ends the wait before the next attempt. */
  retryNow(): void;
  /** Leaves the stream; the session goes on. */
  stop(): void;
}

const chunkBytes = 16 * 1024;
const maxBufferedBytes = 128 * 1024;
const firstDelayMs = 200;
const maxDelayMs = 10_000;

/** Problems that a fresh ticket, a new session or a little time may cure. */
const passing = new Set<Problem["code"]>([
  "ticket-required",
  "ticket-invalid",
  "ticket-expired",
  "session-not-found",
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
  let pending: Uint8Array[] = [];
  let pump: ReturnType<typeof setTimeout> | undefined;

  const become = (next: TerminalState) => {
    state = next;
    options.onState(next);
  };

  const connect = async () => {
    epoch += 1;
    const current = epoch;
    try {
      const session = await findSession(options);
      if (current !== epoch) return;
      options.savedSession.save(session.sessionId);
      socket = options.openSocket(session.path, {
        open: () => current === epoch && greet(session.ticket),
        message: (bytes) => current === epoch && hear(bytes),
        close: () => current === epoch && fallBack(null),
      });
    } catch (error) {
      if (current === epoch) fallBack(error instanceof ProblemError ? error.problem : null);
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
      case Opcode.exit:
        leave();
        return become({ kind: "ended", exit: Exit.parse(message.json) });
      case Opcode.problem:
        return fallBack(ProblemSchema.safeParse(message.json).data ?? unreadableProblem());
    }
  };

  const welcome = (ready: Ready) => {
    attempt = 0;
    received ??= ready.offset;
    acknowledged = Math.max(received, ready.offset);
    const { cols, rows } = options.size();
    socket?.send(encodeResize(cols, rows));
    become({ kind: "live", ready });
    sendPending();
  };

  const show = (offset: number, bytes: Uint8Array) => {
    const fresh = bytes.subarray(Math.max(0, (received ?? offset) - offset));
    if (fresh.length === 0) return;
    const end = offset + bytes.length;
    const current = epoch;
    received = end;
    options.onOutput(fresh, () => {
      if (current !== epoch || end - acknowledged < ackEveryBytes) return;
      acknowledged = end;
      socket?.send(encodeAck(end));
    });
  };

  /** After a break: tries again later, unless it was refused for good. */
  const fallBack = (reason: Problem | null) => {
    leave();
    if (reason?.code === "session-not-found") options.savedSession.save(null);
    if (reason && !passing.has(reason.code)) return become({ kind: "refused", problem: reason });
    const delay = Math.min(firstDelayMs * 2 ** attempt, maxDelayMs) * (0.8 + 0.4 * Math.random());
    attempt += 1;
    become({ kind: "reconnecting", attempt, retryAt: Date.now() + delay });
    retry = setTimeout(() => void connect(), delay);
  };

  const leave = () => {
    epoch += 1;
    clearTimeout(retry);
    clearTimeout(pump);
    pending = [];
    socket?.close();
    socket = null;
  };

  const sendPending = () => {
    clearTimeout(pump);
    while (socket && pending.length > 0 && socket.bufferedAmount() < maxBufferedBytes) {
      const next = pending.shift();
      if (next) socket.send(encodeBytes(Opcode.input, next));
    }
    if (pending.length > 0) pump = setTimeout(sendPending, 10);
  };

  return {
    start() {
      leave();
      attempt = 0;
      become({ kind: "connecting" });
      void connect();
    },
    send(bytes) {
      if (state.kind !== "live" && state.kind !== "connecting") return;
      for (let at = 0; at < bytes.length; at += chunkBytes) pending.push(bytes.subarray(at, at + chunkBytes));
      if (state.kind === "live") sendPending();
    },
    endOfInput() {
      if (state.kind === "live") socket?.send(encodeEndOfInput());
    },
    resize({ cols, rows }) {
      if (state.kind === "live") socket?.send(encodeResize(cols, rows));
    },
    retryNow() {
      if (state.kind !== "reconnecting") return;
      clearTimeout(retry);
      void connect();
    },
    stop() {
      leave();
      become({ kind: "stopped" });
    },
  };
}

/** The session that this page had before with a fresh ticket, or a new one when that is gone. */
async function findSession({ savedSession, renewTicket, createSession, size }: TerminalOptions): Promise<Session> {
  const saved = savedSession.load();
  if (saved === null) return createSession(size());
  try {
    return await renewTicket(saved);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== "session-not-found") throw error;
    savedSession.save(null);
    return createSession(size());
  }
}

function unreadableProblem(): Problem {
  return problem("protocol-error", "The stream was refused", "the server gave a reason that cannot be read");
}
