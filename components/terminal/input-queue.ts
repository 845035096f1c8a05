import { encodeBytes, Opcode } from "@/lib/contract/terminal.ts";

const pieceBytes = 16 * 1024;
/** What the browser may hold unsent; more would outlive a cancel. */
const maxBufferedBytes = 128 * 1024;
const pumpMs = 10;
/** What is typed into a broken stream and kept, in bytes. */
const maxHeldBytes = 64 * 1024;

/** Where input goes: an open socket. */
export interface InputSink {
  send(message: Uint8Array): void;
  bufferedAmount(): number;
}

/** How input stands, for whoever shows it. */
export interface InputState {
  /** The paste under way, in bytes. */
  paste: { sent: number; total: number } | null;
  /** Input that a break kept from being sent: it waits for a decision. */
  held: Uint8Array;
  /** Bytes that had been given to the browser when the stream broke: nobody knows whether they arrived. */
  unsure: number;
}

interface Piece {
  bytes: Uint8Array;
  paste: boolean;
}

/**
 * What goes from the page to the container, in order and no faster than it is taken. A break loses nothing silently:
 * what was not sent, and what is typed meanwhile, is held until somebody decides.
 */
export function createInputQueue(onChange: (state: InputState) => void) {
  let sink: InputSink | null = null;
  let pieces: Piece[] = [];
  let held: Uint8Array[] = [];
  let unsure = 0;
  let paste: { total: number; left: number } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const state = (): InputState => ({
    paste: paste && { sent: paste.total - paste.left, total: paste.total },
    held: join(held),
    unsure,
  });
  const changed = () => onChange(state());

  const cut = (bytes: Uint8Array, ofPaste: boolean) => {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      pieces.push({ bytes: bytes.subarray(at, at + pieceBytes), paste: ofPaste });
    }
  };

  const pump = () => {
    clearTimeout(timer);
    const before = paste?.left;
    while (sink && pieces.length > 0 && sink.bufferedAmount() < maxBufferedBytes) {
      const next = pieces.shift();
      if (!next) break;
      sink.send(encodeBytes(Opcode.input, next.bytes));
      if (next.paste && paste) paste.left -= next.bytes.length;
    }
    if (paste?.left === 0) paste = null;
    if (before !== paste?.left) changed();
    if (sink && pieces.length > 0) timer = setTimeout(pump, pumpMs);
  };

  const push = (bytes: Uint8Array) => {
    if (bytes.length === 0) return;
    // What was typed comes after a paste; to interrupt comes before what is left of it.
    if (paste && bytes.length === 1 && bytes[0] === 0x03) cancelPaste();
    cut(bytes, false);
    pump();
  };

  /** Ends a paste where it is. What closes its bracket stays in the queue: what is typed next is no paste. */
  const cancelPaste = () => {
    if (!paste) return;
    paste = null;
    pieces = pieces.filter((piece) => !piece.paste);
    pump();
    changed();
  };

  return {
    push,
    cancelPaste,
    /** Sends a large text with its progress. `closing` is what ends its bracket, and is sent also if it is cancelled. */
    paste(bytes: Uint8Array, closing: Uint8Array) {
      if (paste) return false;
      paste = { total: bytes.length, left: bytes.length };
      cut(bytes, true);
      cut(closing, false);
      changed();
      pump();
      return true;
    },
    /** Keeps what is typed while nobody takes it. */
    hold(bytes: Uint8Array) {
      if (held.reduce((sum, { length }) => sum + length, 0) + bytes.length > maxHeldBytes) return;
      held.push(bytes);
      changed();
    },
    open(next: InputSink) {
      sink = next;
      pump();
    },
    /** The stream broke: what is left is held. */
    break() {
      clearTimeout(timer);
      if (!sink) return;
      unsure = sink.bufferedAmount();
      sink = null;
      held.push(...pieces.map(({ bytes }) => bytes));
      pieces = [];
      paste = null;
      changed();
    },
    sendHeld() {
      const bytes = join(held);
      held = [];
      unsure = 0;
      changed();
      push(bytes);
    },
    dropHeld() {
      held = [];
      unsure = 0;
      changed();
    },
    /** Forgets everything: there is nobody any more who would read it. */
    clear() {
      clearTimeout(timer);
      sink = null;
      pieces = [];
      held = [];
      unsure = 0;
      paste = null;
      changed();
    },
  };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
