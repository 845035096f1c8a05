"use client";

import { Crosshair } from "lucide-react";
import { type CSSProperties, memo, useState } from "react";
import { cn } from "../ui/class-names.ts";
import { parseAnsi, type Span, type Style } from "./ansi.ts";
import type { LogChunk, LogLine } from "./log-window.ts";

/** How lines are drawn. */
export interface LineLook {
  wrap: boolean;
  times: boolean;
  /** Containers in a merged log have their name in front, each in a colour of its own. */
  names: boolean;
}

interface Props {
  chunks: readonly LogChunk[];
  look: LineLook;
  /** Shows a line of a filtered log among its neighbours. */
  onShowContext: ((line: LogLine) => void) | undefined;
}

/** Lines in chunks: one that has not changed is not drawn again, and one far from view is not laid out. */
export function LogLines({ chunks, look, onShowContext }: Props) {
  return chunks.map((chunk) => <Chunk key={chunk.key} chunk={chunk} look={look} onShowContext={onShowContext} />);
}

const Chunk = memo(function Chunk({ chunk, look, onShowContext }: Omit<Props, "chunks"> & { chunk: LogChunk }) {
  return chunk.lines.map((line) => <Line key={line.key} line={line} look={look} onShowContext={onShowContext} />);
});

const Line = memo(function Line({ line, look, onShowContext }: Omit<Props, "chunks"> & { line: LogLine }) {
  return (
    <div
      data-offset={line.offset}
      className={cn(
        "group relative flex gap-3 px-3 hover:bg-hover",
        look.wrap ? "whitespace-pre-wrap [overflow-wrap:anywhere]" : "w-max min-w-full whitespace-pre",
        line.stream === "stderr" && "bg-bad/6 shadow-[inset_2px_0_0_var(--bad)]",
      )}
    >
      {look.times && <Time time={line.time} />}
      {look.names && line.container !== undefined && <Name name={line.container} />}
      <Text line={line} />
      {onShowContext && (
        <button
          type="button"
          onClick={() => onShowContext(line)}
          aria-label="Show this line among its neighbours"
          title="Show among its neighbours"
          className="absolute top-0 left-0 hidden h-5 w-3 items-center justify-center text-faint hover:text-ink focus-visible:flex any-pointer-coarse:flex group-hover:flex"
        >
          <Crosshair className="size-3" />
        </button>
      )}
    </div>
  );
});

/** The time of day; the whole of it, with its date, to who asks. */
function Time({ time }: { time: string }) {
  const local = new Date(time);
  const clock = local.toLocaleTimeString([], { hourCycle: "h23" });
  return (
    <time dateTime={time} title={`${local.toLocaleString()} (${time})`} className="shrink-0 select-none text-faint">
      {clock}.{time.slice(20, 23)}
    </time>
  );
}

const nameColors = ["blue", "green", "magenta", "yellow", "cyan", "red"];

function Name({ name }: { name: string }) {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return (
    <span
      className="w-24 shrink-0 select-none truncate sm:w-32"
      style={{ color: `var(--terminal-${nameColors[hash % nameColors.length]})` }}
      title={name}
    >
      {name}
    </span>
  );
}

/** Characters of a line that are drawn at first. */
const shownAtFirst = 4_000;

function Text({ line }: { line: LogLine }) {
  const [whole, setWhole] = useState(false);
  const text = whole ? line.text : line.text.slice(0, shownAtFirst);
  return (
    <span className="min-w-0">
      {parseAnsi(text).flatMap((span) => highlighted(span, line.matches ?? []))}
      {text.length < line.text.length && (
        <button type="button" onClick={() => setWhole(true)} className="ml-2 rounded px-1 text-accent hover:underline">
          {(line.text.length - text.length).toLocaleString()} more characters
        </button>
      )}
      {"\n"}
    </span>
  );
}

/** A span with the matches in it marked; both count in the raw text. */
function highlighted({ start, text, style }: Span, matches: readonly [number, number][]) {
  const css = cssOf(style);
  const pieces = [];
  let at = 0;
  for (const [from, to] of matches) {
    const [first, last] = [Math.max(from - start, at), Math.min(to - start, text.length)];
    if (last <= first) continue;
    if (first > at) pieces.push(piece(start + at, text.slice(at, first), css));
    pieces.push(
      <mark key={start + first} className="rounded-[2px] bg-warn/35 text-ink" style={css}>
        {text.slice(first, last)}
      </mark>,
    );
    at = last;
  }
  if (at < text.length) pieces.push(piece(start + at, text.slice(at), css));
  return pieces;
}

function piece(key: number, text: string, css: CSSProperties | undefined) {
  return css ? (
    <span key={key} style={css}>
      {text}
    </span>
  ) : (
    text
  );
}

function cssOf(style: Style): CSSProperties | undefined {
  if (Object.keys(style).length === 0) return undefined;
  const { color = "var(--terminal-foreground)", background = "var(--terminal-background)", inverse } = style;
  return {
    color: inverse ? background : style.color,
    background: inverse ? color : style.background,
    fontWeight: style.bold && 600,
    opacity: style.dim && 0.7,
    fontStyle: style.italic && "italic",
    textDecoration: style.underline && "underline",
  };
}
