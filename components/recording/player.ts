import { type Cast, readSize } from "./asciicast.ts";
import { countAt, makeTimeline, type Timeline } from "./timeline.ts";

/** What a replay is shown on. */
export interface PlayerScreen {
  write(data: string, parsed: () => void): void;
  resize(size: { cols: number; rows: number }): void;
  reset(): void;
  serialize(): string;
}

export interface PlayerState {
  playing: boolean;
  /** Seconds of the replay. */
  position: number;
  duration: number;
  /** A jump is being worked out. */
  seeking: boolean;
}

export interface Player {
  state(): PlayerState;
  play(): void;
  pause(): void;
  seek(seconds: number): void;
  setSpeed(speed: number): void;
  /** Pauses longer than this many seconds are shortened to it. */
  setMaxPause(seconds: number): void;
  /** Lets time pass, in seconds; called for every frame. */
  tick(seconds: number): void;
  dispose(): void;
}

interface Snapshot {
  /** Events that it holds. */
  count: number;
  content: string;
  cols: number;
  rows: number;
}

/** Characters between two snapshots: what a jump must write again at most. */
const snapshotEvery = 512 * 1024;
const maxSnapshots = 128;
/** Written at once; between two such pieces the page can do other things. */
const pieceCharacters = 128 * 1024;

/**
 * Replays a recording. A jump starts from the nearest snapshot of the screen before it, so that going back in a long
 * recording does not write it from its beginning.
 */
export function createPlayer(cast: Cast, screen: PlayerScreen, onChange: (state: PlayerState) => void): Player {
  const { events } = cast;
  let timeline: Timeline = makeTimeline(events);
  let snapshots: Snapshot[] = [];
  let size = { cols: cast.cols, rows: cast.rows };
  let shown = 0;
  let sinceSnapshot = 0;
  let position = 0;
  let speed = 1;
  let playing = false;
  /** Where a jump goes; null while there is none. */
  let target: number | null = null;
  let writing = false;
  let disposed = false;

  const state = (): PlayerState => ({ playing, position, duration: timeline.duration, seeking: target !== null });
  const changed = () => {
    if (!disposed) onChange(state());
  };

  /** Takes a snapshot now and then, where no escape sequence is likely to be cut in two. */
  const remember = (last: string) => {
    const due = last.endsWith("\n") ? snapshotEvery : snapshotEvery * 4;
    if (sinceSnapshot < due || (snapshots.at(-1)?.count ?? 0) >= shown) return;
    snapshots.push({ count: shown, content: screen.serialize(), ...size });
    sinceSnapshot = 0;
    if (snapshots.length > maxSnapshots) snapshots = snapshots.filter((_, index) => index % 2 === 1);
  };

  /** Writes events until `until` of them are shown, a piece at a time. */
  const advance = (until: number): void => {
    if (writing || disposed || shown >= until) return;
    let text = "";
    let next = events[shown];
    while (next && shown < until && text.length < pieceCharacters) {
      if (next.code === "r") {
        if (text !== "") break;
        size = readSize(next.data) ?? size;
        screen.resize(size);
      } else text += next.data;
      shown += 1;
      next = events[shown];
    }
    if (text === "") {
      settle();
      return;
    }
    writing = true;
    sinceSnapshot += text.length;
    screen.write(text, () => {
      writing = false;
      if (disposed) return;
      remember(text);
      settle();
    });
  };

  /** Goes on with a jump, wherever it may go by now, or ends it. */
  const settle = (): void => {
    if (target === null || writing || disposed) return;
    const until = countAt(timeline, target);
    const before = snapshots.findLast(({ count }) => count <= until);
    if (until < shown || (before?.count ?? 0) > shown) restore(before);
    else if (shown < until) advance(until);
    else {
      target = null;
      changed();
    }
  };

  const restore = (snapshot: Snapshot | undefined) => {
    screen.reset();
    size = { cols: snapshot?.cols ?? cast.cols, rows: snapshot?.rows ?? cast.rows };
    screen.resize(size);
    shown = snapshot?.count ?? 0;
    sinceSnapshot = 0;
    writing = true;
    screen.write(snapshot?.content ?? "", () => {
      writing = false;
      settle();
    });
  };

  const seek = (seconds: number) => {
    position = Math.min(Math.max(seconds, 0), timeline.duration);
    target = position;
    changed();
    settle();
  };

  return {
    state,
    seek,
    play() {
      playing = true;
      if (position >= timeline.duration) seek(0);
      changed();
    },
    pause() {
      playing = false;
      changed();
    },
    setSpeed(next) {
      speed = next;
    },
    setMaxPause(seconds) {
      // The same event is shown before and after; the time that passed since then is not.
      const count = countAt(timeline, position);
      timeline = makeTimeline(events, seconds);
      position = count === 0 ? 0 : (timeline.times[count - 1] ?? 0);
      changed();
    },
    tick(seconds) {
      // Time stands still while the screen is behind.
      if (!playing || writing || target !== null) return;
      position = Math.min(position + seconds * speed, timeline.duration);
      advance(countAt(timeline, position));
      if (position >= timeline.duration && shown >= events.length) playing = false;
      changed();
    },
    dispose() {
      disposed = true;
    },
  };
}
