import type { Container } from "@/lib/contract/container.ts";
import { carryOut } from "../containers/carry-out.ts";
import { actionWords, possibleActions } from "../containers/run-action.ts";
import type { Command } from "../shell/commands.ts";
import { copyText } from "../ui/copy-button.tsx";
import { toastDone } from "../ui/toaster.tsx";

interface Ways {
  go: (path: string) => void;
  confirmDelete: (container: Container) => void;
}

const tabs = ["Terminal", "Logs", "Statistics", "Processes", "Files", "Configuration", "Activity", "Trace"];

/** Everything that can be done with one container in the state that it is in. */
export function containerCommands(container: Container, { go, confirmDelete }: Ways): Command[] {
  const { id, name } = container;
  const of = (title: string, run: () => void, words = ""): Command => ({
    id: `${id} ${title}`,
    title,
    group: name,
    words: `${name} ${words}`,
    run,
  });
  const page = `/containers/${encodeURIComponent(name)}`;
  return [
    ...tabs.map((tab) =>
      of(
        tab,
        () => go(tab === "Terminal" ? page : `${page}?tab=${tab.toLowerCase()}`),
        tab === "Terminal" ? "open shell" : "open",
      ),
    ),
    ...possibleActions(container).map((action) =>
      of(action === "delete" ? "Delete…" : actionWords[action].label, () =>
        action === "delete" ? confirmDelete(container) : void carryOut(action, container),
      ),
    ),
    of("Edit", () => go(`${page}/edit`), "change settings limits rename labels"),
    of("Clone", () => go(`/new?from=${encodeURIComponent(name)}`), "copy duplicate"),
    of("Copy link", () => void copyText(`${window.location.origin}${page}`).then(() => toastDone("Link copied"))),
  ];
}
