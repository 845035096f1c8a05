import * as z from "zod";
import { callWorker } from "../../lib/client/worker.ts";
import { formatCommand } from "../../lib/contract/command.ts";
import { Container, ContainerId, type ContainerList, type ListContainers } from "../../lib/contract/container.ts";
import { fail } from "../../lib/contract/problem.ts";
import { listContainers as fromStore } from "../../lib/store/list-containers.ts";
import type { WebContext } from "../context.ts";
import { taggedJson } from "../entity-tags.ts";
import { type LiveContainer, withJson } from "../live-containers.ts";
import { throughWorker, workerWithinMs } from "./through-worker.ts";

/** A page of containers; `next` is the cursor of the one behind it. */
export interface Page<C> {
  items: C[];
  next: string | null;
}

/** One page of this node's containers. Throws the problem validation-failed for a cursor that is none. */
export async function listContainers(context: WebContext, query: ListContainers): Promise<ContainerList> {
  const { items, next } = selectContainers(await allContainers(context), query);
  return { items: items.map(({ value }) => value), next };
}

/**
 * The same as an answer, from JSON that is made once for each change of a container. While all is in memory it has an
 * entity tag: one who asks again before anything has changed gets 304.
 */
export async function listContainersResponse(
  context: WebContext,
  query: ListContainers,
  request: Request,
): Promise<Response> {
  const body = async () => {
    const { items, next } = selectContainers(await allContainers(context), query);
    return `{"items":[${items.map(({ json }) => json).join(",")}],"next":${JSON.stringify(next)}}`;
  };
  const { isCurrent, version } = context.events.containers;
  if (isCurrent) return taggedJson(request, `"${version}"`, body);
  return new Response(await body(), { headers: { "content-type": "application/json", "cache-control": "no-store" } });
}

/** From memory while the worker's stream is open, else from the worker or, when that is away, from memory and database. */
async function allContainers(context: WebContext): Promise<LiveContainer[]> {
  const { containers } = context.events;
  if (containers.isCurrent) return containers.all();
  return throughWorker(
    async () => (await fromWorker(context)).map(withJson),
    async () => containers.allWith(await fromStore(context.store, context.config.node)),
  );
}

async function fromWorker({ workerSocket }: WebContext): Promise<Container[]> {
  const answer = await callWorker(workerSocket, "GET", "/containers", undefined, { timeoutMs: workerWithinMs });
  return z.array(Container).parse(answer);
}

/** Filters, sorts and cuts. The cursor says where the page before ended, whether that container is still there or not. */
export function selectContainers<C extends { value: Container }>(all: readonly C[], query: ListContainers): Page<C> {
  const { limit, cursor } = query;
  const place = ({ value }: C): Place => [value[query.sort.replace("-", "") as SortKey] ?? "", value.id];
  const sign = query.sort.startsWith("-") ? -1 : 1;
  const order = (a: Place, b: Place) => sign * compare(a[0], b[0]) || compare(a[1], b[1]);
  const matching = all
    .filter(({ value }) => matches(value, query))
    .map((container) => ({ container, place: place(container) }))
    .sort((a, b) => order(a.place, b.place));
  const last = cursor === undefined ? null : parseCursor(cursor);
  const rest = last ? matching.filter((entry) => order(entry.place, last) > 0) : matching;
  const page = rest.slice(0, limit);
  const end = rest.length > limit ? page.at(-1) : undefined;
  return { items: page.map(({ container }) => container), next: end ? formatCursor(end.place) : null };
}

type SortKey = "name" | "createdAt" | "startedAt" | "state" | "image";
/** What the list is sorted by, and the id of a container. */
type Place = [key: string, id: string];

const Cursor = z.tuple([z.string(), ContainerId]);

function formatCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

function parseCursor(cursor: string): Place {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch {
    throw fail("validation-failed", "The request does not fit", "cursor: must be the `next` of a page", {
      errors: [{ path: "cursor", message: "must be the `next` of a page" }],
    });
  }
}

function matches(container: Container, { state, search, label }: ListContainers): boolean {
  if (state && !state.includes(container.state)) return false;
  if (label !== undefined && !hasLabel(container, label)) return false;
  return !search || searchText(container).includes(search.toLowerCase());
}

function hasLabel({ labels }: Container, wanted: string): boolean {
  const [, name = "", value] = /^([^=]*)(?:=(.*))?$/s.exec(wanted) ?? [];
  return Object.hasOwn(labels, name) && (value === undefined || labels[name] === value);
}

function searchText({ name, image, command, labels }: Container): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  return [name, image, formatCommand(command), ...pairs].join("\n").toLowerCase();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
