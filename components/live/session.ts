const watchers = new Set<() => void>();
let ended = false;

/** Whether the session that this page came with still holds, as far as is known here. */
export const session = {
  ended: () => ended,
  subscribe(changed: () => void): () => void {
    watchers.add(changed);
    return () => watchers.delete(changed);
  },
  /** A call was answered that needs one. */
  found: () => become(false),
  /** Asks the server, when something was refused: an event stream does not tell with which status. */
  async ask(): Promise<void> {
    try {
      const { status, ok } = await fetch("/api/v1/whoami", { cache: "no-store" });
      if (ok || status === 401) become(!ok);
    } catch {
      // Without an answer nothing is known: it is the connection that is lost.
    }
  },
};

function become(next: boolean): void {
  if (ended === next) return;
  ended = next;
  for (const changed of watchers) changed();
}

/** Where one signs in, and comes back to the page that is shown. */
export function signInPath({ pathname, search }: Pick<Location, "pathname" | "search"> = window.location): string {
  return `/sign-in?${new URLSearchParams({ next: pathname + search })}`;
}
