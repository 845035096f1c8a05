"use client";

import { Columns2, Plus, Rows2, SquareTerminal, TextCursorInput, Undo2 } from "lucide-react";
import { useRef, useState } from "react";
import type { SessionInfo } from "@/lib/contract/session.ts";
import { api } from "../api.ts";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import { sessionName } from "./session-name.ts";

/** Where a new terminal goes. */
export type Place = "tab" | "row" | "column";

interface Props {
  containerId: string;
  /** Commands that run and have no pane here. */
  running: readonly SessionInfo[];
  pending: boolean;
  onOpen: (place: Place, command?: string[]) => void;
  onAsk: () => void;
  onReturn: (sessionId: string) => void;
  /** Gives the focus to what was chosen, where it is there already. */
  finalFocus: () => boolean;
}

/** Opens a shell: the best one in a tab or beside, one of those that the container has, or one that runs already. */
export function NewShellMenu({ containerId, running, pending, onOpen, onAsk, onReturn, finalFocus }: Props) {
  const [shells, setShells] = useState<readonly string[]>([]);
  const chosen = useRef(false);
  const choose = (action: () => void) => () => {
    chosen.current = true;
    action();
  };
  const look = async () => {
    if (shells.length > 0) return;
    setShells((await api.call("listShells", { params: { name: containerId } })).items);
  };
  return (
    <Menu
      onOpenChange={(open) => {
        if (open) chosen.current = false;
      }}
      finalFocus={() => !chosen.current || finalFocus()}
      trigger={
        <Button
          variant="ghost"
          size="icon"
          pending={pending}
          aria-label={running.length > 0 ? `New shell; ${running.length} running already` : "New shell"}
          className="relative"
          onPointerEnter={() => void look().catch(() => {})}
          onFocus={() => void look().catch(() => {})}
        >
          <Plus />
          {running.length > 0 && (
            <span className="absolute top-0.5 right-0.5 size-2 rounded-full bg-accent" aria-hidden="true" />
          )}
        </Button>
      }
    >
      <MenuItem onClick={choose(() => onOpen("tab"))}>
        <SquareTerminal />
        New shell
      </MenuItem>
      <MenuItem onClick={choose(() => onOpen("row"))}>
        <Columns2 />
        Split to the right
      </MenuItem>
      <MenuItem onClick={choose(() => onOpen("column"))}>
        <Rows2 />
        Split downwards
      </MenuItem>
      {shells.length > 0 && <MenuSeparator />}
      {shells.map((shell) => (
        <MenuItem key={shell} onClick={choose(() => onOpen("tab", [shell]))}>
          <SquareTerminal />
          <span className="font-mono text-xs">{shell}</span>
        </MenuItem>
      ))}
      <MenuItem onClick={choose(onAsk)}>
        <TextCursorInput />
        Another command…
      </MenuItem>
      {running.length > 0 && <MenuSeparator />}
      {running.map((session) => (
        <MenuItem key={session.sessionId} onClick={choose(() => onReturn(session.sessionId))}>
          <Undo2 />
          <span className="min-w-0 truncate">Return to {sessionName(session)}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}
