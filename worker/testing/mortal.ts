import type { Context } from "../context.ts";

/** A worker that can die as by SIGKILL: from then on it does nothing more to the world, and nobody is told. */
export interface Mortal {
  context: Context;
  /** Dies at once or, with a number, before the step after so many more. */
  die(after?: number): void;
  /** Resolves when it has died. */
  died: Promise<void>;
}

/** Counts as steps what a worker does to the world: records, outbox, processes, control groups, files. */
export function makeMortal(context: Context): Mortal {
  let left = Number.POSITIVE_INFINITY;
  let tell = () => {};
  const died = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const step = <A extends unknown[], T>(action: (...given: A) => Promise<T>) => {
    return (...given: A): Promise<T> => {
      left -= 1;
      if (left >= 0) return action(...given);
      tell();
      return new Promise<T>(() => {});
    };
  };
  const { addon, records, outbox } = context;
  return {
    died,
    die(after = 0) {
      left = after;
      if (after === 0) tell();
    },
    context: {
      ...context,
      addon: {
        ...addon,
        spawnShim: step(addon.spawnShim),
        cgroupKill: step(addon.cgroupKill),
        cgroupFreeze: step(addon.cgroupFreeze),
        cgroupUpdate: step(addon.cgroupUpdate),
        removeTree: step(addon.removeTree),
      },
      records: { ...records, save: step(records.save) },
      outbox: { ...outbox, append: step(outbox.append) },
    },
  };
}
