"use client";

import { ChevronRight, HardDrive, Pencil } from "lucide-react";
import { type FormEvent, Fragment, useState } from "react";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { controlStyle } from "../ui/control-style.ts";
import { visibleName } from "./file-name.tsx";
import { crumbsOf, resolvePath } from "./paths.ts";

interface Props {
  path: string;
  onOpen: (path: string) => void;
}

/** Where one is, each directory on the way there, and a field to type where one wants to be. */
export function PathBar({ path, onOpen }: Props) {
  const [typing, setTyping] = useState(false);
  if (typing) return <PathField path={path} onOpen={onOpen} onEnd={() => setTyping(false)} />;
  const crumbs = crumbsOf(path);
  return (
    <div className="mb-3 flex min-h-9 items-center gap-1">
      <nav aria-label="Path" className="min-w-0">
        <ol className="flex flex-wrap items-center gap-y-0.5 font-mono text-xs">
          {crumbs.map((crumb, index) => (
            <Fragment key={crumb.path}>
              {index > 1 && <ChevronRight className="size-3 shrink-0 text-faint" aria-hidden="true" />}
              <li className="min-w-0">
                <button
                  type="button"
                  aria-current={crumb.path === path ? "location" : undefined}
                  onClick={() => onOpen(crumb.path)}
                  className={cn(
                    "flex max-w-60 items-center rounded px-1.5 py-1 hover:bg-hover any-pointer-coarse:min-h-10",
                    crumb.path === path ? "font-medium text-ink" : "text-soft",
                  )}
                >
                  {index === 0 ? (
                    <HardDrive className="size-3.5" aria-label="Root directory" />
                  ) : (
                    <span className="truncate">{visibleName(crumb.name)}</span>
                  )}
                </button>
              </li>
            </Fragment>
          ))}
        </ol>
      </nav>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Type a path"
        title="Type a path"
        className="any-pointer-coarse:size-10"
        onClick={() => setTyping(true)}
      >
        <Pencil />
      </Button>
    </div>
  );
}

function PathField({ path, onOpen, onEnd }: Props & { onEnd: () => void }) {
  const [value, setValue] = useState(path);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onOpen(resolvePath(path, value));
    onEnd();
  };
  return (
    <form onSubmit={submit} className="mb-3 flex gap-2">
      <input
        aria-label="Path"
        // biome-ignore lint/a11y/noAutofocus: it was asked for by the button that it replaces
        autoFocus
        value={value}
        spellCheck={false}
        autoComplete="off"
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onEnd()}
        className={cn(controlStyle, "max-w-xl font-mono text-xs")}
      />
      <Button type="submit">Go</Button>
    </form>
  );
}
