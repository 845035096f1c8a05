"use client";

import { ChevronDown, SquareTerminal } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import type { UnreadPart } from "@/lib/contract/kernel.ts";
import type { HandCommand } from "@/lib/contract/kernel-by-hand.ts";
import { cn } from "../ui/class-names.ts";
import { CopyButton } from "../ui/copy-button.tsx";

interface Props {
  title: string;
  /** What the panel comes to, in a few words. */
  summary?: ReactNode;
  commands: readonly HandCommand[];
  /** Why this part could not be read. */
  unread?: UnreadPart | undefined;
  children: ReactNode;
}

/** A part of the kernel view: what there is, and how to see the same without this page. */
export function Panel({ title, summary, commands, unread, children }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <section
      aria-label={title}
      className="flex min-w-0 flex-col overflow-hidden rounded-xl border bg-surface shadow-card"
    >
      <header className="flex min-h-11 items-center gap-x-3 border-b px-4">
        <h2 className="shrink-0 font-semibold text-sm tracking-tight">{title}</h2>
        <p className="min-w-0 flex-1 truncate text-right text-faint text-xs tabular-nums">{summary}</p>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
          className="-mr-2 flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2 text-soft text-xs hover:bg-hover hover:text-ink any-pointer-coarse:h-10"
        >
          <SquareTerminal className="size-3.5" aria-hidden="true" />
          By hand
          <ChevronDown className={cn("size-3 transition-transform", open && "rotate-180")} aria-hidden="true" />
        </button>
      </header>
      <div id={id} hidden={!open} className="border-b bg-sunken">
        {open && <Commands commands={commands} />}
      </div>
      {unread ? <Unread {...unread} /> : children}
    </section>
  );
}

function Commands({ commands }: { commands: readonly HandCommand[] }) {
  if (commands.length === 0) return <p className="px-4 py-3 text-soft text-xs">There is nothing to look at by hand.</p>;
  return (
    <ul className="divide-y">
      {commands.map(({ command, shows }) => (
        <li key={command} className="flex items-center gap-2 py-1.5 pr-2 pl-4">
          <div className="min-w-0 flex-1">
            <code className="block wrap-anywhere font-mono text-xs leading-5">
              <span className="select-none text-faint"># </span>
              {command}
            </code>
            <p className="text-2xs text-faint">{shows}</p>
          </div>
          <CopyButton text={command} label={`Copy: ${command}`} />
        </li>
      ))}
    </ul>
  );
}

function Unread({ call, subject, errno, reason }: UnreadPart) {
  return (
    <p className="px-4 py-3 text-pretty text-soft text-sm">
      This could not be read: <code className="font-mono text-xs">{`${call}(${subject}) = ${errno}`}</code>, {reason}.
      The next reading tries again.
    </p>
  );
}

/** Says what a kernel or a container does not have. */
export function Absent({ children, className }: { children: ReactNode; className?: string }) {
  return <p className={cn("px-4 py-3 text-pretty text-soft text-xs", className)}>{children}</p>;
}

/** A part of a panel that scrolls when it is long. */
export function Scrolling({ label, className, children }: { label: string; className: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className={cn("overflow-y-auto outline-offset-[-2px]", className)}
    >
      {children}
    </section>
  );
}
