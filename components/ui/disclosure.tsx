"use client";

import { type ComponentProps, type ReactNode, useState } from "react";

interface Props extends Omit<ComponentProps<"details">, "onToggle" | "open"> {
  /** The <summary>, which is always shown. */
  summary: ReactNode;
}

/** What opens and closes; its content is in the page only while it is open, so that a page can have hundreds of them. */
export function Disclosure({ summary, children, ...attributes }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details {...attributes} onToggle={(event) => setOpen(event.currentTarget.open)}>
      {summary}
      {open && children}
    </details>
  );
}
