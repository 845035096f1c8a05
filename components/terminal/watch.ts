import type { SharedSession } from "@/lib/contract/session.ts";
import { api } from "../api.ts";
import { openBrowserSocket } from "./browser-socket.ts";
import { endNotice, gapNotice } from "./notices.ts";
import { createScreen } from "./screen.ts";
import { terminalSettings } from "./settings.ts";
import { createTerminalClient, type TerminalState } from "./terminal-client.ts";
import { onWake } from "./wake.ts";

const cells = { least: 5, most: 10 };

interface WatchEvents {
  onName(name: string): void;
  onState(state: TerminalState): void;
}

/** Redeems the code and shows what comes, at the size that the terminal has where it is used. */
export async function watch(code: string, element: HTMLElement, area: HTMLElement, { onName, onState }: WatchEvents) {
  let size = { cols: 80, rows: 24 };
  const settings = () => {
    const cellWidth = Math.min(Math.max(Math.floor((area.clientWidth - 36) / size.cols), cells.least), cells.most);
    return { ...terminalSettings.get(), cellWidth, cursorBlink: false };
  };
  const screen = await createScreen(element, {}, { settings: settings(), readOnly: true, size });
  if (window.__minirunTerminal)
    Object.assign(window.__minirunTerminal, { serialize: screen.serialize, size: screen.size });
  const refit = () => screen.apply(settings());
  const setSize = (next: typeof size) => {
    size = { cols: next.cols, rows: next.rows };
    screen.resize(size);
    refit();
  };
  const client = createTerminalClient({
    openSession: async (): Promise<SharedSession> => {
      const session = await api.call("redeemShare", { body: { code } });
      onName(session.containerName);
      return session;
    },
    openSocket: openBrowserSocket,
    size: screen.size,
    asleep: () => document.visibilityState === "hidden",
    onInput: () => {},
    onOutput: (bytes, _end, consumed) => screen.write(bytes, consumed),
    onGap: ({ from, to }) => screen.write(gapNotice(to - from)),
    onResized: setSize,
    onState(state) {
      if (state.kind === "live") {
        screen.treatAsPipe(!state.ready.tty);
        setSize(state.ready);
      }
      if (state.kind === "ended") screen.write(endNotice(state.exit));
      onState(state);
    },
  });
  const observer = new ResizeObserver(refit);
  observer.observe(area);
  const stopWaking = onWake(client.wake);
  client.start();
  return {
    retry: () => client.start(),
    end() {
      stopWaking();
      observer.disconnect();
      client.stop();
      screen.dispose();
    },
  };
}
