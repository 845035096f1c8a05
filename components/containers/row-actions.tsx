"use client";

import { Ellipsis, Play, Square, SquareTerminal } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { useRefusal } from "../shell/role.tsx";
import { Button, buttonStyle } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { toastDone, toastProblem } from "../ui/toaster.tsx";
import { undoOf } from "./carry-out.ts";
import { isRunning } from "./describe.ts";
import { actionWords } from "./run-action.ts";
import { useLifecycle } from "./use-lifecycle.ts";

const iconStyle = buttonStyle({ variant: "ghost", size: "icon" });
const RowMenu = dynamic(() => import("./row-menu.tsx").then((module) => module.RowMenu), {
  ssr: false,
  loading: () => <span className={cn(iconStyle, "opacity-50")} />,
});

/** What can be done with a container from the list: the likeliest at once, the rest in a menu that is loaded with its first use. */
export function RowActions({ container }: { container: Container }) {
  const [menu, setMenu] = useState(false);
  const { pending, run } = useLifecycle(container, {
    onDone: (action, before) => toastDone(`${before.name} ${actionWords[action].done}`, undoOf(action, before)),
    onProblem: (problem) => toastProblem(problem),
  });
  const refusal = useRefusal("operator");
  const { name } = container;
  const running = isRunning(container);
  if (refusal !== null) return null;
  const more = (
    <button
      type="button"
      title="More"
      aria-label={`More for ${name}`}
      aria-haspopup="menu"
      onClick={menu ? undefined : () => setMenu(true)}
      className={iconStyle}
    >
      <Ellipsis />
    </button>
  );
  return (
    <div className="inline-flex items-center gap-0.5">
      {running && (
        <Link
          href={`/containers/${name}`}
          prefetch={false}
          title="Open terminal"
          aria-label={`Open terminal of ${name}`}
          className={iconStyle}
        >
          <SquareTerminal />
        </Link>
      )}
      {running ? (
        <IconButton label="Stop" name={name} pending={pending.includes("stop")} onClick={() => void run("stop")}>
          <Square />
        </IconButton>
      ) : (
        <IconButton label="Start" name={name} pending={pending.includes("start")} onClick={() => void run("start")}>
          <Play />
        </IconButton>
      )}
      {menu ? <RowMenu container={container} trigger={more} onAction={(action) => void run(action)} /> : more}
    </div>
  );
}

interface IconButtonProps {
  label: string;
  name: string;
  pending: boolean;
  onClick: () => void;
  children: ReactNode;
}

function IconButton({ label, name, ...props }: IconButtonProps) {
  return <Button variant="ghost" size="icon" title={label} aria-label={`${label} ${name}`} {...props} />;
}
