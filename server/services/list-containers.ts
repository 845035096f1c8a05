import { z } from "zod";
import { callWorker } from "../../lib/client/worker.ts";
import { Container, type ContainerList, type ListContainers } from "../../lib/contract/container.ts";
import { listContainers as fromStore } from "../../lib/store/list-containers.ts";
import type { WebContext } from "../context.ts";
import { throughDatabase } from "./through-database.ts";

/** One page of containers, from the database or, when that is away, from the worker. */
export function listContainers(context: WebContext, query: ListContainers): Promise<ContainerList> {
  return throughDatabase(
    context,
    () => fromStore(context.store, query),
    async () => {
      const answer = await callWorker(context.workerSocket, "GET", "/containers", undefined, { timeoutMs: 5_000 });
      return selectContainers(z.array(Container).parse(answer), query);
    },
  );
}

/** Filters, sorts and cuts as the database does. The cursor is the id of the last container on the page before. */
export function selectContainers(all: readonly Container[], query: ListContainers): ContainerList {
  const { state, search, limit, cursor } = query;
  const matching = all
    .filter((container) => !state || state.includes(container.state))
    .filter((container) => !search || searchText(container).includes(search.toLowerCase()))
    .sort(order(query.sort));
  const from = cursor === undefined ? 0 : matching.findIndex(({ id }) => id === cursor) + 1;
  const items = matching.slice(from, from + limit);
  return { items, next: from + limit < matching.length ? (items.at(-1)?.id ?? null) : null };
}

function searchText({ name, image, command }: Container): string {
  return [name, image, command.join(" ")].join("\n").toLowerCase();
}

function order(sort: ListContainers["sort"]): (a: Container, b: Container) => number {
  const key = sort.replace("-", "") as "name" | "createdAt" | "startedAt" | "state" | "image";
  const sign = sort.startsWith("-") ? -1 : 1;
  return (a, b) => sign * compare(a[key] ?? "", b[key] ?? "") || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
