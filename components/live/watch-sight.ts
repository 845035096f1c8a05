/** For how long a page may be out of sight before it lets go: switching tabs to and fro opens nothing anew. */
export const graceMs = 5_000;

interface Told {
  /** The page has been out of sight for a while. */
  onRest?(): void;
  /** It is seen again after that, or for the first time. */
  onSeen?(): void;
}

/** Whether the page is looked at, and what stops the watch. */
export interface Sight {
  inSight(): boolean;
  stop(): void;
}

/**
 * Watches whether the page is looked at. What is live only for who looks rests meanwhile: browsers open six connections
 * to a server for all their tabs together, and streams that nobody sees would take them from those that somebody does.
 */
export function watchSight({ onRest, onSeen }: Told): Sight {
  let inSight = !document.hidden;
  let resting: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(resting);
    if (document.hidden) {
      resting = setTimeout(() => {
        if (!inSight) return;
        inSight = false;
        onRest?.();
      }, graceMs);
    } else if (!inSight) {
      inSight = true;
      onSeen?.();
    }
  };
  document.addEventListener("visibilitychange", look);
  return {
    inSight: () => inSight,
    stop() {
      clearTimeout(resting);
      document.removeEventListener("visibilitychange", look);
    },
  };
}
