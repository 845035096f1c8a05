import { stripControls } from "../container/strip-controls.ts";
import { Button } from "../ui/button.tsx";
import type { InputState } from "./input-queue.ts";
import type { TerminalClient } from "./terminal-client.ts";

interface Props {
  input: InputState;
  live: boolean;
  client: TerminalClient | null;
}

/** Nothing is pasted, held or in doubt. */
export const noInput: InputState = { paste: null, held: new Uint8Array(), unsure: 0 };

const previewLength = 60;

/** What a break kept from being sent, and the question what becomes of it. */
export function HeldInput({ input: { held, unsure }, live, client }: Props) {
  if (held.length === 0 && unsure === 0) return null;
  const text = stripControls(new TextDecoder().decode(held.subarray(0, 400)).replaceAll("\r", "⏎"));
  const count = `${held.length.toLocaleString("en-US")} ${held.length === 1 ? "byte" : "bytes"}`;
  return (
    <div
      role="status"
      className="flex animate-rise flex-wrap items-center gap-x-4 gap-y-2 border-t bg-warn-soft px-4 py-2.5 text-sm"
    >
      <div className="min-w-0 flex-1">
        {held.length > 0 && (
          <p className="truncate">
            <span className="font-medium">Not sent: </span>
            <code className="font-mono text-xs">
              {text.length > previewLength ? `${text.slice(0, previewLength)}…` : text || count}
            </code>
          </p>
        )}
        <p className="text-soft text-xs">
          {held.length > 0 && `${count} that were typed while the connection was broken wait for you. `}
          {unsure > 0 && `The ${unsure} bytes before may not have arrived.`}
        </p>
      </div>
      <div className="flex gap-2">
        <Button size="sm" variant="ghost" onClick={client?.dropHeld}>
          {held.length > 0 ? "Discard" : "Dismiss"}
        </Button>
        {held.length > 0 && (
          <Button size="sm" disabled={!live} onClick={client?.sendHeld}>
            Send now
          </Button>
        )}
      </div>
    </div>
  );
}
