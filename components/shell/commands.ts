"use client";

import { useEffect, useRef } from "react";

/** Something that a page can do: listed in the palette, reached by its keys, named in the help sheet. */
export interface Command {
  id: string;
  title: string;
  group: string;
  /** A key, keys one after another (`g o`), or with `mod+` for Ctrl or Command. */
  keys?: string;
  /** Further words that find it. */
  words?: string;
  /** Known by its keys alone: it makes no sense in a list, such as going down by one. */
  keysOnly?: boolean;
  run: () => void;
}

const registered = new Map<symbol, readonly Command[]>();

/** All that can be done now; what was registered last comes first, as it belongs to the page that is shown. */
export function currentCommands(): Command[] {
  return [...registered.values()].reverse().flat();
}

/** Offers commands for as long as the component is there. */
export function useCommands(commands: readonly Command[]): void {
  const key = useRef<symbol>(null);
  useEffect(() => {
    key.current ??= Symbol("commands");
    registered.set(key.current, commands);
  });
  useEffect(
    () => () => {
      if (key.current) registered.delete(key.current);
    },
    [],
  );
}
