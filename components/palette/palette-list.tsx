"use client";

import { ChevronRight, Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { cn } from "../ui/class-names.ts";
import { Kbd } from "../ui/kbd.tsx";
import { type PaletteItem, usePaletteItems } from "./use-palette-items.ts";

interface Props {
  onDone: () => void;
  confirmDelete: (container: Container) => void;
}

/** The field and the list of a palette: a combobox whose list is always open (WAI-ARIA, combobox pattern). */
export function PaletteList({ onDone, confirmDelete }: Props) {
  const [query, setQuery] = useState("");
  const [inside, setInside] = useState<Container | null>(null);
  const [chosen, setChosen] = useState(0);
  const items = usePaletteItems(query, inside, confirmDelete);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = Math.min(chosen, items.length - 1);
  const current = items[at];

  // biome-ignore lint/correctness/useExhaustiveDependencies: the place changes with what is chosen
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at, query]);

  const enter = (container: Container | null) => {
    setInside(container);
    setQuery("");
    setChosen(0);
  };
  const run = (item: PaletteItem) => {
    onDone();
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const { key } = event;
    const last = event.currentTarget.selectionStart === query.length;
    if (key === "ArrowDown") setChosen((at + 1) % items.length);
    else if (key === "ArrowUp") setChosen((at - 1 + items.length) % items.length);
    else if (key === "Enter" && current) run(current);
    else if ((key === "Tab" || (key === "ArrowRight" && last)) && current?.container) enter(current.container);
    else if (key === "Backspace" && query === "" && inside) enter(null);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-2.5 border-b px-4">
        <Search className="size-4 shrink-0 text-faint" aria-hidden="true" />
        {inside && (
          <span className="max-w-40 truncate rounded-md bg-hover px-1.5 py-0.5 font-medium text-xs">{inside.name}</span>
        )}
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={current ? `${listId}-${at}` : undefined}
          aria-label={inside ? `What to do with ${inside.name}` : "Find a page, a container or an action"}
          placeholder={inside ? "What to do?" : "Find a page, a container or an action…"}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
          className="h-full min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-faint"
        />
        <Kbd keys="Escape" />
      </div>
      <div ref={list} id={listId} role="listbox" aria-label="Results" className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {items.map((item, index) => (
          <Row
            key={item.id}
            id={`${listId}-${index}`}
            item={item}
            heading={items[index - 1]?.group === item.group ? null : item.group}
            chosen={index === at}
            onChoose={() => setChosen(index)}
            onRun={() => run(item)}
          />
        ))}
      </div>
      {items.length === 0 && <p className="px-4 pb-6 text-center text-soft text-sm">Nothing fits “{query}”.</p>}
      <footer className="flex gap-4 border-t px-4 py-2 text-faint text-xs max-sm:hidden">
        <span className="flex items-center gap-1.5">
          <Kbd keys="Enter" /> do it
        </span>
        {current?.container && (
          <span className="flex items-center gap-1.5">
            <Kbd keys="Tab" /> what {current.container.name} can do
          </span>
        )}
      </footer>
    </>
  );
}

interface RowProps {
  id: string;
  item: PaletteItem;
  heading: string | null;
  chosen: boolean;
  onChoose: () => void;
  onRun: () => void;
}

function Row({ id, item, heading, chosen, onChoose, onRun }: RowProps) {
  return (
    <>
      {heading && (
        <div role="presentation" className="px-2.5 pt-2.5 pb-1 font-medium text-faint text-xs">
          {heading}
        </div>
      )}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field; it names this as its active one */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys */}
      <div
        id={id}
        role="option"
        aria-selected={chosen}
        onMouseMove={chosen ? undefined : onChoose}
        onClick={onRun}
        className={cn(
          "flex min-h-9 cursor-pointer items-center gap-3 rounded-md px-2.5 text-sm any-pointer-coarse:min-h-11",
          chosen && "bg-hover",
        )}
      >
        <span className="min-w-0 flex-1 truncate">{item.title}</span>
        {item.detail && <span className="shrink-0 text-faint text-xs">{item.detail}</span>}
        {item.keys && <Kbd keys={item.keys} className="max-sm:hidden" />}
        {item.container && <ChevronRight className="size-3.5 shrink-0 text-faint" aria-hidden="true" />}
      </div>
    </>
  );
}
