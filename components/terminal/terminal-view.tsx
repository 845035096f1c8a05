"use client";

import dynamic from "next/dynamic";
import type { Container } from "@/lib/contract/container.ts";
import { terminalHeight } from "./terminal-height.ts";

export interface TerminalViewProps {
  container: Container;
  starting: boolean;
  onStart: () => void;
  /** Goes to another view of the container. */
  onShow: (view: "trace" | "logs") => void;
}

/** A container's terminals. What they need is loaded by itself, and only in browsers: it knows what this one keeps. */
export const TerminalView = dynamic<TerminalViewProps>(
  () => import("./terminal-workspace.tsx").then(({ TerminalWorkspace }) => TerminalWorkspace),
  { ssr: false, loading: Placeholder },
);

function Placeholder() {
  return (
    <div className={`${terminalHeight} flex flex-col overflow-hidden rounded-xl border bg-terminal shadow-card`}>
      <div className="h-9 shrink-0 border-b bg-sunken/60 any-pointer-coarse:h-11" />
    </div>
  );
}
