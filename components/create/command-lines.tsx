"use client";

import { Tabs } from "@base-ui/react/tabs";
import { useSyncExternalStore } from "react";
import type { CreateContainerInput } from "@/lib/contract/container.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { formatCurl, formatRunCommand } from "./equivalents.ts";

const noChange = () => () => {};
const tabStyle =
  "h-7 select-none rounded-md px-2 text-soft text-xs outline-none hover:text-ink focus-visible:outline-2 focus-visible:outline-accent data-active:bg-hover data-active:font-medium data-active:text-ink";

/** A request as one would make it without this page. */
export function CommandLines({ title, request }: { title: string; request: CreateContainerInput }) {
  const origin = useSyncExternalStore(
    noChange,
    () => window.location.origin,
    () => "",
  );
  const lines = [
    { id: "minirun", text: formatRunCommand(request) },
    { id: "curl", text: formatCurl(request, origin) },
  ];
  return (
    <section aria-label={title} className="overflow-hidden rounded-xl border bg-surface shadow-card">
      <Tabs.Root defaultValue="minirun">
        <header className="flex h-10 items-center gap-1 border-b pr-1.5 pl-4">
          <h2 className="flex-1 text-faint text-xs">{title}</h2>
          <Tabs.List className="flex gap-0.5" aria-label={title}>
            {lines.map(({ id }) => (
              <Tabs.Tab key={id} value={id} className={tabStyle}>
                {id}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </header>
        {lines.map(({ id, text }) => (
          <Tabs.Panel key={id} value={id} className="relative outline-none">
            <pre className="overflow-x-auto whitespace-pre-wrap break-words bg-sunken/50 py-3 pr-11 pl-4 font-mono text-xs leading-5">
              {text}
            </pre>
            <div className="absolute top-1.5 right-1.5">
              <CopyButton text={text} label={`Copy the ${id} command`} />
            </div>
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </section>
  );
}
