import { terminalProtocol } from "@/lib/contract/terminal.ts";
import type { SocketEvents, TerminalSocket } from "./terminal-client.ts";

/** Opens a terminal stream of the page's own origin. */
export function openBrowserSocket(path: string, events: SocketEvents): TerminalSocket {
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url, terminalProtocol);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => events.open();
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => events.message(new Uint8Array(data));
  socket.onclose = () => events.close();
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(new Uint8Array(message));
    },
    close: () => socket.close(1000),
    bufferedAmount: () => socket.bufferedAmount,
  };
}
