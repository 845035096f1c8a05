import { usePathname, useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { api } from "../api.ts";
import { describeState, isRunning } from "../containers/describe.ts";
import { type Command, currentCommands } from "../shell/commands.ts";
import { useRefusal } from "../shell/role.tsx";
import { containerCommands } from "./container-commands.ts";
import { matchScore } from "./match.ts";

export interface PaletteItem extends Command {
  /** The container that the item stands for; its own commands are one step further. */
  container?: Container;
  detail?: string;
}

const most = 60;

/** What the palette lists for a query: commands, containers, and, in one or with several words, what containers can do. */
export function usePaletteItems(
  query: string,
  inside: Container | null,
  confirmDelete: (container: Container) => void,
): readonly PaletteItem[] {
  const router = useRouter();
  const pathname = usePathname();
  const containers = useContainersOnce();
  const viewOnly = useRefusal("operator") !== null;
  const ways = { go: (path: string) => router.push(path), confirmDelete, viewOnly };
  if (inside) return ranked(query, containerCommands(inside, ways));

  const here = containers.find(({ name }) => pathname === `/containers/${name}`);
  const hereCommands = here ? containerCommands(here, ways) : [];
  const commands = currentCommands().filter(({ keysOnly }) => !keysOnly);
  const open = containers.map((container) => ({
    id: `open ${container.id}`,
    title: container.name,
    group: "Containers",
    words: `${container.image} ${Object.entries(container.labels).flat().join(" ")}`,
    detail: describeState(container).label,
    container,
    run: () => router.push(`/containers/${container.name}`),
  }));
  if (query.trim() === "") {
    const running = open.filter(({ container }) => isRunning(container));
    return [...hereCommands, ...commands, ...(running.length > 0 ? running : open).slice(0, 8)];
  }
  const severalWords = query.trim().includes(" ");
  const verbs = severalWords ? containers.flatMap((container) => containerCommands(container, ways)) : hereCommands;
  return ranked(query, [...open, ...commands, ...verbs]);
}

/** Items that fit, the best first, those of one group kept together. */
function ranked(query: string, items: readonly PaletteItem[]): readonly PaletteItem[] {
  const scored = items
    .map((item) => ({
      item,
      score: Math.max(
        matchScore(query, `${item.title} ${item.group}`),
        matchScore(query, `${item.title} ${item.words ?? ""}`) * 0.9,
      ),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most);
  const groups = [...new Set(scored.map(({ item }) => item.group))];
  return groups.flatMap((group) => scored.filter(({ item }) => item.group === group).map(({ item }) => item));
}

/** The containers as they are when the palette opens. Without them it still does everything else. */
function useContainersOnce(): readonly Container[] {
  const [containers, setContainers] = useState<readonly Container[]>([]);
  useEffect(() => {
    let current = true;
    api.call("listContainers", { query: { limit: 1000, sort: "name" } }).then(
      ({ items }) => current && setContainers(items),
      () => {},
    );
    return () => {
      current = false;
    };
  }, []);
  return containers;
}
