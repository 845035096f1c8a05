import { beforeEach, describe, expect, it } from "vitest";
import type { Cast } from "./asciicast.ts";
import { createPlayer, type Player, type PlayerState } from "./player.ts";

let content: string;
let size: string;
let written: number;
let resets: number;
let states: PlayerState[];

/** A screen whose content is all that was written since its reset; it is as late as a real one. */
const screen = {
  write(data: string, parsed: () => void) {
    content += data;
    written += data.length;
    setTimeout(parsed, 0);
  },
  resize({ cols, rows }: { cols: number; rows: number }) {
    size = `${cols}x${rows}`;
  },
  reset() {
    content = "";
    resets += 1;
  },
  serialize: () => content,
};

function play(events: Cast["events"]): Player {
  return createPlayer({ cols: 80, rows: 24, events, cut: false }, screen, (state) => states.push(state));
}
const settled = () => expect.poll(() => states.at(-1)?.seeking).toBe(false);
const parsed = () => new Promise((resolve) => setTimeout(resolve, 5));
const output = (time: number, data: string) => ({ time, code: "o" as const, data });

beforeEach(() => {
  [content, size, written, resets, states] = ["", "", 0, 0, []];
});

describe("a player", () => {
  it("shows what is due as time passes, at its speed, and stops at the end", async () => {
    const player = play([output(1, "a"), output(2, "b"), output(3, "c")]);
    player.tick(5);
    expect(content).toBe("");
    player.play();
    player.tick(1);
    expect(content).toBe("a");
    await parsed();
    player.setSpeed(2);
    player.tick(0.5);
    expect(content).toBe("ab");
    await parsed();
    player.tick(0.5);
    expect(content).toBe("abc");
    await parsed();
    player.tick(0);
    expect(player.state().playing).toBe(false);
    expect(player.state().position).toBe(3);
  });

  it("jumps ahead and back, with the size of that moment", async () => {
    const player = play([output(1, "a"), { time: 2, code: "r", data: "100x30" }, output(3, "c")]);
    player.seek(3);
    await settled();
    expect([content, size]).toEqual(["ac", "100x30"]);
    player.seek(1.5);
    await settled();
    expect([content, size]).toEqual(["a", "80x24"]);
  });

  it("goes where the last of several jumps goes", async () => {
    const player = play(Array.from({ length: 100 }, (_, index) => output(index, `${index} `)));
    for (const to of [99, 3, 50, 10]) player.seek(to);
    await settled();
    expect(content).toBe(Array.from({ length: 11 }, (_, index) => `${index} `).join(""));
    expect(player.state().position).toBe(10);
  });

  it("starts from a snapshot near the goal", async () => {
    const piece = `${"x".repeat(99_999)}\n`;
    const player = play(Array.from({ length: 100 }, (_, index) => output(index, piece)));
    player.seek(99);
    await settled();
    expect(written).toBe(10_000_000);
    written = 0;
    player.seek(90.5);
    await settled();
    expect(content.length).toBe(9_100_000);
    expect(resets).toBe(1);
    const replayed = written - 8_900_000;
    expect(replayed).toBeLessThan(1_000_000);
  });

  it("stays at the same event when pauses are shortened", async () => {
    const player = play([output(0, "a"), output(100, "b"), output(101, "c")]);
    player.seek(100);
    await settled();
    player.setMaxPause(1);
    expect(player.state()).toMatchObject({ position: 1, duration: 2 });
    expect(content).toBe("ab");
  });

  it("begins again when it is played at its end", async () => {
    const player = play([output(0, "a"), output(1, "b")]);
    player.seek(1);
    await settled();
    player.play();
    await settled();
    expect(player.state().position).toBe(0);
    expect(content).toBe("a");
  });
});
