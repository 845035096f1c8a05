import type { Container } from "@/lib/contract/container.ts";
import type { Exit } from "@/lib/contract/terminal.ts";
import { api } from "../api.ts";
import { openBrowserSocket } from "./browser-socket.ts";
import { createLineInput } from "./line-input.ts";
import type { Screen } from "./screen.ts";
import { createTerminalClient, type TerminalClient, type TerminalState } from "./terminal-client.ts";

const savedLogLines = 500;

/** Connects a screen with a container's stdio. */
export function attach(
  { id, tty }: Container,
  screen: Screen,
  onState: (state: TerminalState) => void,
): TerminalClient {
  const key = `minirun.session.${id}`;
  return createTerminalClient({
    createSession: (size) => api.call("createSession", { params: { name: id }, body: { mode: "attach", ...size } }),
    renewTicket: (sessionId) => api.call("createTicket", { params: { id: sessionId } }),
    openSocket: openBrowserSocket,
    savedSession: {
      load: () => sessionStorage.getItem(key),
      save: (session) => (session === null ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, session)),
    },
    size: screen.size,
    onOutput: screen.write,
    onGap: ({ from, to }) => screen.write(gapNotice(to - from)),
    onState(state) {
      if (state.kind === "live") screen.treatAsPipe(!tty);
      if (state.kind === "ended") screen.write(endNotice(state.exit));
      onState(state);
    },
  });
}

/** How typed bytes reach the container: as they are with a tty, by lines and with an echo without. */
export function inputFor({ tty }: Container, client: TerminalClient, screen: Screen): (bytes: Uint8Array) => void {
  if (tty) return client.send;
  return createLineInput({ send: client.send, end: client.endOfInput, echo: screen.write });
}

/** Shows the end of the log on the screen: what a container that does not run has printed last. */
export async function showLog({ id, tty }: Container, screen: Screen): Promise<void> {
  const response = await api.open("readLogs", { params: { name: id }, query: { tail: savedLogLines } });
  const bytes = new Uint8Array(await response.arrayBuffer());
  screen.treatAsPipe(!tty);
  screen.expectReplay();
  screen.write(bytes);
}

/** Divides what this run has printed from what the next one will. */
function endNotice({ exitCode, signal, reason }: Exit): string {
  const how = reason === "out-of-memory" ? "out of memory" : (signal ?? `exit code ${exitCode}`);
  return `\x18\x1b[0m\r\n\x1b[2m[ ended: ${how} ]\x1b[0m\r\n`;
}

/** CAN ends an escape sequence that the gap may have cut in two; then colours are set back. */
function gapNotice(bytes: number): string {
  return `\x18\x1b[0m\r\n\x1b[2m[ ${bytes.toLocaleString("en-US")} bytes of output are not shown: they came faster than this page could read ]\x1b[0m\r\n`;
}
