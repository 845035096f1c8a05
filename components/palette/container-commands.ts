import type { Container } from "@/lib/contract/container.ts";
import { carryOut } from "../containers/carry-out.ts";
import { actionWords, possibleActions } from "../containers/run-action.ts";
import type { Command } from "../shell/commands.ts";
import { copyLink } from "../ui/copy-button.tsx";

interface Ways {
  go: (path: string) => void;
  confirmDelete: (container: Container) => void;
  /** Whether the person may look alone: what the server would refuse is not offered. */
  viewOnly: boolean;
}

const tabs = ["Terminal", "Logs", "Statistics", "Processes", "Files", "Configuration", "Activity", "Trace", "Kernel"];
const tabsOfOperators = ["Terminal", "Files"];

/** Everything that a person can do with one container in the state that it is in. */
export function containerCommands(container: Container, { go, confirmDelete, viewOnly }: Ways): Command[] {
  const { id, name } = container;
  const of = (title: string, run: () => void, words = ""): Command => ({
    id: `${id} ${title}`,
    title,
    group: name,
    words: `${name} ${words}`,
    run,
  });
  const page = `/containers/${encodeURIComponent(name)}`;
  const link = of("Copy link", () => copyLink(`${window.location.origin}${page}`));
  const openTabs = tabs
    .filter((tab) => !viewOnly || !tabsOfOperators.includes(tab))
    .map((tab) =>
      of(
        tab,
        () => go(tab === "Terminal" ? page : `${page}?tab=${tab.toLowerCase()}`),
        tab === "Terminal" ? "open shell" : "open",
      ),
    );
  if (viewOnly) return [...openTabs, link];
  return [
    ...openTabs,
    ...possibleActions(container).map((action) =>
      of(action === "delete" ? "Delete…" : actionWords[action].label, () =>
        action === "delete" ? confirmDelete(container) : void carryOut(action, container),
      ),
    ),
    of("Edit", () => go(`${page}/edit`), "change settings limits rename labels"),
    of("Clone", () => go(`/new?from=${encodeURIComponent(name)}`), "copy duplicate"),
    link,
  ];
}
