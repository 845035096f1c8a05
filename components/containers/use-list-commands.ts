"use client";

import { useRouter } from "next/navigation";
import type { RefObject } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { type Command, useCommands } from "../shell/commands.ts";
import { useRefusal } from "../shell/role.tsx";
import { carryOut } from "./carry-out.ts";
import type { RowsHandle } from "./container-rows.tsx";
import { isRunning } from "./describe.ts";
import type { useSelection } from "./use-selection.ts";

interface List {
  shown: readonly Container[];
  rows: RefObject<RowsHandle | null>;
  searchField: RefObject<HTMLInputElement | null>;
  selection: ReturnType<typeof useSelection>;
}

/** What keys do in the list: they mean the row that has the focus. */
export function useListCommands({ shown, rows, searchField, selection }: List): void {
  const router = useRouter();
  const mayChange = useRefusal("operator") === null;
  const focused = () => {
    const id = document.activeElement?.closest<HTMLElement>("[data-row-id]")?.dataset.rowId;
    return shown.findIndex((container) => container.id === id);
  };
  const step = (by: number) => () => {
    const at = focused();
    rows.current?.focusRow(at < 0 ? 0 : Math.min(Math.max(at + by, 0), shown.length - 1));
  };
  const onRow = (act: (container: Container) => void) => () => {
    const container = shown[focused()];
    if (container) act(container);
  };
  const open = (tab: string) =>
    onRow(({ name }) => router.push(tab === "" ? `/containers/${name}` : `/containers/${name}?tab=${tab}`));
  const key = (keys: string, title: string, run: () => void): Command => ({
    id: `list ${title}`,
    title,
    group: "List of containers",
    keys,
    keysOnly: true,
    run,
  });
  const changes = [
    key(
      "s",
      "Start or stop",
      onRow((container) => void carryOut(isRunning(container) ? "stop" : "start", container)),
    ),
    key("t", "Open terminal", open("")),
    key(
      "e",
      "Edit",
      onRow(({ name }) => router.push(`/containers/${name}/edit`)),
    ),
  ];
  useCommands([
    key("/", "Search", () => searchField.current?.focus()),
    key("j", "Down", step(1)),
    key("k", "Up", step(-1)),
    key(
      "x",
      "Select",
      onRow(({ id }) => selection.toggle(id, !selection.chosen.has(id))),
    ),
    ...(mayChange ? changes : []),
    key("l", "Open logs", open("logs")),
    {
      id: "list select all",
      title: "Select all containers shown",
      group: "List of containers",
      keys: "a",
      run: () => selection.set(shown.map(({ id }) => id)),
    },
    { id: "list clear", title: "Clear selection", group: "List of containers", keys: "Escape", run: selection.clear },
  ]);
}
