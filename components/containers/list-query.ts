import type { Container, ContainerState } from "@/lib/contract/container.ts";
import type { StatsSample } from "@/lib/contract/stats.ts";

/** What the list shows, as it stands in its address. `sort` names a column; a `-` in front turns it round. */
export interface ListQuery {
  search: string;
  states: readonly ContainerState[];
  label: string;
  sort: SortKey | `-${SortKey}`;
}

const sortKeys = ["name", "state", "image", "createdAt", "cpu", "memory"] as const;
export type SortKey = (typeof sortKeys)[number];

export const allStates = [
  "running",
  "paused",
  "restarting",
  "starting",
  "stopping",
  "created",
  "exited",
  "lost",
] as const satisfies readonly ContainerState[];

const defaultSort = "-createdAt";

/** Reads an address's parameters; what makes no sense there is as if it were not there. */
export function readListQuery(parameters: Pick<URLSearchParams, "get">): ListQuery {
  const states = (parameters.get("state") ?? "").split(",");
  const sort = parameters.get("sort") ?? "";
  const key = sortKeys.find((known) => known === sort.replace(/^-/, ""));
  return {
    search: (parameters.get("search") ?? "").slice(0, 100),
    states: allStates.filter((state) => states.includes(state)),
    label: (parameters.get("label") ?? "").slice(0, 4300),
    sort: key === undefined ? defaultSort : sort.startsWith("-") ? `-${key}` : key,
  };
}

/** The parameters of an address that shows this; null for those that it does not need. */
export function listParameters({ search, states, label, sort }: ListQuery): Record<string, string | null> {
  return {
    search: search || null,
    state: states.join() || null,
    label: label || null,
    sort: sort === defaultSort ? null : sort,
  };
}

export function isFiltered({ search, states, label }: ListQuery): boolean {
  return search.trim() !== "" || states.length > 0 || label !== "";
}

type Samples = ReadonlyMap<string, StatsSample>;

/** The containers that a query wants, in its order: what the server does for a page of the list, for all of them. */
export function selectContainers(all: readonly Container[], query: ListQuery, samples: Samples): readonly Container[] {
  const { states, label, sort } = query;
  const search = query.search.trim().toLowerCase();
  const wanted = all.filter(
    (container) =>
      (states.length === 0 || states.includes(container.state)) &&
      (label === "" || hasLabel(container, label)) &&
      (search === "" || searchText(container).includes(search)),
  );
  const key = sort.replace(/^-/, "") as SortKey;
  const sign = sort.startsWith("-") ? -1 : 1;
  const values = new Map(wanted.map((container) => [container.id, sortValue(container, key, samples)]));
  return wanted.sort((a, b) => sign * compare(values.get(a.id), values.get(b.id)) || compare(a.name, b.name));
}

function searchText({ name, image, command, labels }: Container): string {
  const written = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [name, image, command.join(" "), ...written].join("\n").toLowerCase();
}

function hasLabel({ labels }: Container, label: string): boolean {
  const [, name = "", value] = /^([^=]*)(?:=(.*))?$/s.exec(label) ?? [];
  return Object.hasOwn(labels, name) && (value === undefined || labels[name] === value);
}

function sortValue(container: Container, key: SortKey, samples: Samples): string | number {
  if (key === "cpu") return samples.get(container.id)?.cpu.percent ?? -1;
  if (key === "memory") return samples.get(container.id)?.memory.currentBytes ?? -1;
  if (key === "state") return allStates.indexOf(container.state);
  return container[key];
}

function compare(a: string | number = "", b: string | number = ""): number {
  return a < b ? -1 : Number(a > b);
}
