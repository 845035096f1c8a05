"use client";

import { Pause, Play } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { fontSizeOf, terminalSettings } from "../terminal/settings.ts";
import { Button } from "../ui/button.tsx";
import { Select } from "../ui/select.tsx";
import { Spinner } from "../ui/spinner.tsx";
import type { Cast } from "./asciicast.ts";
import { formatClock } from "./format-clock.ts";
import { createPlayer, type Player, type PlayerState } from "./player.ts";
import { activity, makeTimeline } from "./timeline.ts";
import "@xterm/xterm/css/xterm.css";

const speeds = ["0.5", "1", "2", "4", "8"].map((value) => ({ value, label: `${value}×` }));
const pauses = [
  { value: "Infinity", label: "Every pause" },
  { value: "2", label: "Pauses up to 2 s" },
  { value: "0.5", label: "No pauses" },
];
const buckets = 160;
const step = 5;
const cells = { least: 5, most: 9 };

/** Replays a recording. The keyboard: Space, arrows, Home, End, digits for tenths, `<` and `>` for the speed. */
export function PlayerView({ cast }: { cast: Cast }) {
  const frame = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const player = useRef<Player | null>(null);
  const [state, setState] = useState<PlayerState | null>(null);
  const [speed, setSpeed] = useState("1");
  const [maxPause, setMaxPause] = useState("2");
  const heights = useMemo(
    () => activity(cast.events, makeTimeline(cast.events, Number(maxPause)), buckets),
    [cast, maxPause],
  );

  useEffect(() => {
    const element = host.current;
    const width = frame.current?.clientWidth ?? 0;
    if (!element) return;
    let gone = false;
    let end = () => {};
    void import("../terminal/screen.ts").then(async ({ createScreen }) => {
      const widest = cast.events.reduce(
        (cols, { code, data }) => (code === "r" ? Math.max(cols, Number.parseInt(data, 10) || 0) : cols),
        cast.cols,
      );
      const cellWidth = Math.min(Math.max(Math.floor((width - 24) / widest), cells.least), cells.most);
      const settings = { ...terminalSettings.get(), cellWidth, cursorBlink: false, scrollback: 1_000 };
      const screen = await createScreen(
        element,
        {},
        { settings, readOnly: true, size: { cols: cast.cols, rows: cast.rows } },
      );
      if (gone) return screen.dispose();
      const made = createPlayer(cast, screen, setState);
      player.current = made;
      if (window.__minirunTerminal) window.__minirunTerminal.serialize = screen.serialize;
      made.setMaxPause(2);
      const stopTicking = tickEveryFrame(made.tick);
      made.play();
      end = () => {
        stopTicking();
        made.dispose();
        screen.dispose();
      };
    });
    return () => {
      gone = true;
      end();
      player.current = null;
    };
  }, [cast]);

  const toggle = () => (state?.playing ? player.current?.pause() : player.current?.play());
  const changeSpeed = (value: string) => {
    setSpeed(value);
    player.current?.setSpeed(Number(value));
  };
  const press = (event: KeyboardEvent) => {
    const here = player.current?.state();
    if (!here || event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLSelectElement) return;
    const seek = (seconds: number) => player.current?.seek(seconds);
    if (event.key === " " && !(event.target instanceof HTMLButtonElement)) toggle();
    else if (event.key === "ArrowLeft") seek(here.position - step);
    else if (event.key === "ArrowRight") seek(here.position + step);
    else if (event.key === "Home") seek(0);
    else if (event.key === "End") seek(here.duration);
    else if (/^\d$/.test(event.key)) seek((here.duration * Number(event.key)) / 10);
    else if (event.key === "<" || event.key === ">") {
      const at = speeds.findIndex(({ value }) => value === speed) + (event.key === ">" ? 1 : -1);
      const next = speeds[at];
      if (next) changeSpeed(next.value);
    } else return;
    event.preventDefault();
  };

  const position = state?.position ?? 0;
  const duration = state?.duration ?? 0;
  return (
    <section
      ref={frame}
      aria-label="Replay"
      className="flex min-w-0 flex-col overflow-hidden rounded-xl border bg-terminal shadow-card outline-none focus-visible:outline-2 focus-visible:outline-accent"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys work wherever in it the focus is
      tabIndex={0}
      onKeyDown={press}
    >
      <div className="min-h-64 overflow-x-auto p-3">
        <div ref={host} className="w-max font-mono" style={{ fontSize: fontSizeOf(8) }} />
      </div>
      {cast.cut && (
        <p className="border-t bg-warn-soft px-4 py-2 text-xs">
          The recording is longer than a page can hold. This is its beginning; the download has all of it.
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t bg-surface px-3 py-2">
        <Button
          variant="ghost"
          size="icon"
          aria-label={state?.playing ? "Pause" : "Play"}
          disabled={!state}
          onClick={toggle}
        >
          {state?.playing ? <Pause /> : <Play />}
        </Button>
        <span className="flex items-center gap-1.5 text-soft text-xs tabular-nums">
          {formatClock(position)} <span className="text-faint">/ {formatClock(duration)}</span>
          {state?.seeking && <Spinner className="size-3 text-faint" />}
        </span>
        <div className="relative order-last h-10 w-full min-w-40 flex-1 basis-full sm:order-none sm:basis-40">
          <svg
            viewBox={`0 0 ${buckets} 20`}
            preserveAspectRatio="none"
            className="absolute inset-x-0 top-1 h-4 w-full fill-line-strong"
            aria-hidden="true"
          >
            {heights.map((height, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts of the time have no other name
              <rect key={index} x={index} width="0.7" y={20 - height * 20} height={height * 20} />
            ))}
          </svg>
          <input
            type="range"
            aria-label="Position"
            aria-valuetext={`${formatClock(position)} of ${formatClock(duration)}`}
            min={0}
            max={duration || 1}
            step="any"
            value={position}
            disabled={!state}
            onChange={(event) => player.current?.seek(event.currentTarget.valueAsNumber)}
            className="absolute inset-x-0 bottom-0 h-6 w-full cursor-pointer accent-(--accent)"
          />
        </div>
        <div className="ml-auto flex gap-2">
          <Select aria-label="Speed" items={speeds} value={speed} onValueChange={changeSpeed} className="w-20" />
          <Select
            aria-label="Pauses"
            items={pauses}
            value={maxPause}
            onValueChange={(value) => {
              setMaxPause(value);
              player.current?.setMaxPause(Number(value));
            }}
            className="w-40"
          />
        </div>
      </div>
    </section>
  );
}

/** Calls back for every frame with the seconds since the last; a page that is hidden has none. */
function tickEveryFrame(tick: (seconds: number) => void): () => void {
  let before = performance.now();
  let id = 0;
  const next = (now: number) => {
    tick(Math.min((now - before) / 1_000, 0.25));
    before = now;
    id = requestAnimationFrame(next);
  };
  id = requestAnimationFrame(next);
  return () => cancelAnimationFrame(id);
}
