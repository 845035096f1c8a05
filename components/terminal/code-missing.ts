import type { TerminalState } from "./terminal-client.ts";

/**
 * The state of a terminal whose code did not come, as after an upgrade or with the network away. What a page could not
 * load once it does not load again: trying again is loading the page.
 */
export const codeMissing: TerminalState = {
  kind: "refused",
  problem: {
    type: "about:blank",
    code: "internal",
    status: 0,
    title: "The terminal could not be loaded",
    detail: "Its code did not reach this page.",
    remedy: "Load the page again; what runs in the container goes on.",
  },
};

/** Tries a refused terminal again; one that was never made, by loading the page anew. */
export function retryWith(pane: { connect: (fresh: boolean) => void } | null | undefined): void {
  if (pane) pane.connect(false);
  else window.location.reload();
}
