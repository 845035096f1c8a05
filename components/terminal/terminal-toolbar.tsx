"use client";

import { Ellipsis, History, Maximize2, Minimize2, Search, Settings2, Share2 } from "lucide-react";
import Link from "next/link";
import { Button, buttonStyle } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { Popover } from "../ui/popover.tsx";
import { SettingsPanel } from "./settings-panel.tsx";

interface Props {
  containerName: string;
  maximized: boolean;
  shared: boolean;
  /** Null while there is nothing to share. */
  onShare: (() => void) | null;
  onFind: () => void;
  onMaximize: () => void;
}

/** What can be done with the terminal that is looked at. Where there is little room, behind one button. */
export function TerminalToolbar({ containerName, maximized, shared, onShare, onFind, onMaximize }: Props) {
  const recordings = `/containers/${encodeURIComponent(containerName)}/recordings`;
  return (
    <div className="flex shrink-0 items-center">
      <div className="flex max-md:hidden">
        <Button variant="ghost" size="icon" aria-label="Find" title="Find (Ctrl Shift F)" onClick={onFind}>
          <Search />
        </Button>
        <Button
          variant="ghost"
          size="icon"
          aria-label={shared ? "Shared: manage" : "Share"}
          title="Share"
          disabled={!onShare}
          className={cn(shared && "text-accent hover:text-accent")}
          onClick={() => onShare?.()}
        >
          <Share2 />
        </Button>
        <Link
          href={recordings}
          aria-label="Recordings"
          title="Recordings"
          className={buttonStyle({ variant: "ghost", size: "icon" })}
        >
          <History />
        </Link>
      </div>
      <Popover
        title="Terminal"
        className="w-[min(22rem,calc(100vw-1.5rem))]"
        trigger={
          <Button variant="ghost" size="icon" aria-label="Terminal settings" title="Settings">
            <Settings2 />
          </Button>
        }
      >
        <SettingsPanel />
      </Popover>
      <Button
        variant="ghost"
        size="icon"
        aria-label={maximized ? "Restore terminal" : "Maximize terminal"}
        title={maximized ? "Restore (Ctrl Shift Z)" : "Maximize (Ctrl Shift Z)"}
        onClick={onMaximize}
      >
        {maximized ? <Minimize2 /> : <Maximize2 />}
      </Button>
      <div className="md:hidden">
        <Menu
          trigger={
            <Button variant="ghost" size="icon" aria-label="More">
              <Ellipsis />
            </Button>
          }
        >
          <MenuItem onClick={onFind}>
            <Search />
            Find
          </MenuItem>
          <MenuItem disabled={!onShare} onClick={() => onShare?.()}>
            <Share2 />
            {shared ? "Shared…" : "Share…"}
          </MenuItem>
          <MenuItem render={<Link href={recordings} />}>
            <History />
            Recordings
          </MenuItem>
        </Menu>
      </div>
    </div>
  );
}
