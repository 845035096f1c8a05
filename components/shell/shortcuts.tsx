"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { api, problemFrom } from "../api.ts";
import { copyLink } from "../ui/copy-button.tsx";
import { toastProblem } from "../ui/toaster.tsx";
import { type Command, currentCommands, useCommands } from "./commands.ts";
import { createKeySequence } from "./key-sequence.ts";
import { pages } from "./pages.ts";
import { paletteEvent } from "./palette-event.ts";
import { useRefusal } from "./role.tsx";
import { applyTheme, themes } from "./theme.ts";

const CommandPalette = dynamic(() => import("../palette/command-palette.tsx").then((part) => part.CommandPalette), {
  ssr: false,
});
const ShortcutHelp = dynamic(() => import("../palette/shortcut-help.tsx").then((part) => part.ShortcutHelp), {
  ssr: false,
});

/** What every page can do, the keys that do it, and the palette and help sheet, which are loaded when first opened. */
export function Shortcuts() {
  const router = useRouter();
  const mayCreate = useRefusal("operator") === null;
  const [palette, setPalette] = useState<"unused" | "open" | "closed">("unused");
  const [help, setHelp] = useState<"unused" | "open" | "closed">("unused");

  const create = {
    id: "new",
    title: "Create container",
    group: "Do",
    keys: "n",
    words: "new run add",
    run: () => router.push("/new"),
  };
  const commands: Command[] = [
    {
      id: "palette",
      title: "Find and do anything",
      group: "Everywhere",
      keys: "mod+k",
      keysOnly: true,
      run: () => setPalette("open"),
    },
    ...pages.map(({ href, label, keys }) => ({
      id: `go ${href}`,
      title: label,
      group: "Go to",
      keys,
      words: "go open page",
      run: () => router.push(href),
    })),
    {
      id: "go /logs",
      title: "Logs of several containers",
      group: "Go to",
      words: "merged together open",
      run: () => router.push("/logs"),
    },
    ...(mayCreate ? [create] : []),
    { id: "help", title: "Keyboard shortcuts", group: "Do", keys: "?", words: "help keys", run: () => setHelp("open") },
    ...themes.map((theme) => ({
      id: `theme ${theme}`,
      title: `Theme: ${theme}`,
      group: "Do",
      words: "colour dark light appearance",
      run: () => applyTheme(theme),
    })),
    {
      id: "link",
      title: "Copy this page's link",
      group: "Do",
      words: "share url address",
      run: () => copyLink(window.location.href),
    },
    {
      id: "sign-out",
      title: "Sign out",
      group: "Do",
      words: "log out leave",
      run: () =>
        void api.call("signOut").then(
          () => window.location.assign("/sign-in"),
          (error) => toastProblem(problemFrom(error)),
        ),
    },
  ];
  useCommands(commands);

  useEffect(() => {
    const feed = createKeySequence();
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || belongsElsewhere(event)) return;
      const command = feed(event, event.timeStamp, currentCommands());
      if (!command) return;
      event.preventDefault();
      command.run();
    };
    const openPalette = () => setPalette("open");
    document.addEventListener("keydown", onKey);
    window.addEventListener(paletteEvent, openPalette);
    return () => {
      document.removeEventListener("keydown", onKey);
      window.removeEventListener(paletteEvent, openPalette);
    };
  }, []);

  return (
    <>
      {palette !== "unused" && (
        <CommandPalette open={palette === "open"} onOpenChange={(open) => setPalette(open ? "open" : "closed")} />
      )}
      {help !== "unused" && (
        <ShortcutHelp open={help === "open"} onOpenChange={(open) => setHelp(open ? "open" : "closed")} />
      )}
    </>
  );
}

/** Keys that a field, the terminal, a menu or a dialog takes are theirs; only Ctrl-K reaches through a plain field. */
function belongsElsewhere({ target, ctrlKey, metaKey, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest(".xterm")) return !metaKey;
  if ((ctrlKey || metaKey) && key.toLowerCase() === "k") return false;
  if (target.closest(":is([role=menu], [role=dialog], [role=alertdialog]):not([data-closed])")) return true;
  const checkbox = target instanceof HTMLInputElement && target.type === "checkbox";
  return !checkbox && target.matches("input, textarea, select, [contenteditable=true]");
}
