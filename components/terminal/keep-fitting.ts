import { FitAddon } from "@xterm/addon-fit";
import type { Terminal } from "@xterm/xterm";

const delayMs = 40;

/** Fits the terminal to its host now and whenever that changes. A host that is not shown changes nothing. */
export function keepFitting(host: HTMLElement, terminal: Terminal): { fit(): void; end(): void } {
  const addon = new FitAddon();
  terminal.loadAddon(addon);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const fitNow = () => {
    if (host.offsetParent !== null) addon.fit();
  };
  const observer = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(fitNow, delayMs);
  });
  observer.observe(host);
  fitNow();
  return {
    fit: fitNow,
    end() {
      clearTimeout(timer);
      observer.disconnect();
    },
  };
}
