"use client";

import { ArrowDown, ArrowUp, CaseSensitive, WholeWord, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { controlStyle } from "../ui/control-style.ts";
import type { Pane } from "./pane.ts";
import { maxMatches, type SearchResult } from "./search.ts";

interface Props {
  pane: Pane | null;
  result: SearchResult;
  onClose: () => void;
}

/** Finds text in the focused terminal. Enter goes on, Shift-Enter back, Escape ends it. */
export function SearchBar({ pane, result, onClose }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [caseSensitive, setCaseSensitive] = useState(false);
  const [wholeWord, setWholeWord] = useState(false);
  const options = { caseSensitive, wholeWord };

  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (text === "") pane?.screen.search.end();
    else pane?.screen.search.next(text, { caseSensitive, wholeWord }, true);
  }, [pane, text, caseSensitive, wholeWord]);
  useEffect(() => () => pane?.screen.search.end(), [pane]);

  const step = (back: boolean) => {
    if (text === "") return;
    if (back) pane?.screen.search.previous(text, options);
    else pane?.screen.search.next(text, options);
  };
  const close = () => {
    onClose();
    pane?.screen.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" && event.target === field.current) step(event.shiftKey);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search
      onKeyDown={press}
      className="absolute top-2 right-3 z-30 flex max-w-[calc(100%-1.5rem)] animate-rise items-center gap-0.5 rounded-lg border bg-raised p-1 shadow-pop"
    >
      <input
        ref={field}
        type="text"
        aria-label="Find in the terminal"
        placeholder="Find"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={cn(controlStyle, "h-7 w-44 min-w-20 shadow-none")}
      />
      <output className="min-w-18 shrink-0 px-1.5 text-right text-faint text-xs tabular-nums" aria-live="polite">
        {text === "" ? "" : countText(result)}
      </output>
      <Toggle label="Match case" on={caseSensitive} onChange={setCaseSensitive}>
        <CaseSensitive />
      </Toggle>
      <Toggle label="Whole words" on={wholeWord} onChange={setWholeWord}>
        <WholeWord />
      </Toggle>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Previous match"
        className="max-sm:hidden"
        onClick={() => step(true)}
      >
        <ArrowUp />
      </Button>
      <Button variant="ghost" size="icon" aria-label="Next match" onClick={() => step(false)}>
        <ArrowDown />
      </Button>
      <Button variant="ghost" size="icon" aria-label="Close the search" onClick={close}>
        <X />
      </Button>
    </search>
  );
}

function countText({ at, count }: SearchResult): string {
  if (count === 0) return "none";
  const total = count >= maxMatches ? `${maxMatches}+` : `${count}`;
  return at > 0 ? `${at} of ${total}` : total;
}

interface ToggleProps {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
  children: React.ReactNode;
}

function Toggle({ label, on, onChange, children }: ToggleProps) {
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={label}
      title={label}
      aria-pressed={on}
      className={cn("max-sm:hidden", on && "bg-accent-soft text-accent hover:text-accent")}
      onClick={() => onChange(!on)}
    >
      {children}
    </Button>
  );
}
