import type { Container } from "../lib/contract/container.ts";
import type { EventLine } from "../lib/contract/event.ts";
import type { OperationResult } from "../lib/contract/operation.ts";

/** A container as it stands, and the JSON of it, which is made once a revision. */
export interface LiveContainer {
  readonly value: Container;
  readonly json: string;
}

/** This node's containers in memory, as the worker's stream and the results of operations tell them. */
export interface LiveContainers {
  /** False while the stream is closed: what is known then grows old, and must be read elsewhere. */
  readonly isCurrent: boolean;
  /** Names what {@link all} answers: another one after every change, in this and in every other process. */
  readonly version: string;
  /** The container of this name or id. */
  find(ref: string): LiveContainer | undefined;
  all(): LiveContainer[];
  /**
   * What is known together with what the database has, the newer of each container: while the worker is away neither
   * knows all that it had told the other.
   */
  allWith(stored: readonly Container[]): LiveContainer[];
  hear(line: EventLine): void;
  /** Takes over what an operation came to, so that a read after its answer sees it. */
  merge(result: OperationResult): void;
  lose(): void;
}

/** How many deleted containers' ids are remembered, so that older news of one does not bring it back. */
const keptDeleted = 10_000;

export function createLiveContainers(): LiveContainers {
  const containers = new Map<string, LiveContainer>();
  const names = new Map<string, string>();
  const deleted = new Set<string>();
  const era = Date.now().toString(36);
  let changes = 0;
  let isCurrent = false;

  const remove = (id: string) => {
    const known = containers.get(id);
    if (!known) return;
    containers.delete(id);
    if (names.get(known.value.name) === id) names.delete(known.value.name);
    changes += 1;
  };

  const bury = (id: string) => {
    remove(id);
    deleted.add(id);
    for (const oldest of deleted) {
      if (deleted.size <= keptDeleted) break;
      deleted.delete(oldest);
    }
  };

  const isNews = ({ id, revision }: Container) => {
    const known = containers.get(id);
    return !deleted.has(id) && !(known && known.value.revision >= revision);
  };

  const put = (value: Container) => {
    if (!isNews(value)) return;
    const known = containers.get(value.id);
    if (known && known.value.name !== value.name) remove(value.id);
    containers.set(value.id, withJson(value));
    names.set(value.name, value.id);
    changes += 1;
  };

  /** A snapshot is how things stand; only what an operation's result has brought is newer. */
  const replace = (all: readonly Container[]) => {
    const ids = new Set(all.map(({ id }) => id));
    for (const id of [...containers.keys()]) if (!ids.has(id)) remove(id);
    for (const value of all) put(value);
    changes += 1;
    isCurrent = true;
  };

  return {
    get isCurrent() {
      return isCurrent;
    },
    get version() {
      return `${era}-${changes}`;
    },
    find: (ref) => containers.get(names.get(ref) ?? ref),
    all: () => [...containers.values()],
    allWith(stored) {
      const newer = new Map(containers);
      for (const value of stored) if (isNews(value)) newer.set(value.id, withJson(value));
      return [...newer.values()];
    },
    hear(line) {
      if (line.type === "snapshot") replace(line.containers);
      else if (line.type === "container") put(line.container);
      else if (line.type === "event") {
        const { action, container } = line.event;
        if (action === "deleted") bury(container.id);
        else put(container);
      }
    },
    merge({ verb, state, container, containerId }) {
      if (container) put(container);
      else if (verb === "delete" && state === "succeeded") bury(containerId);
    },
    lose() {
      isCurrent = false;
    },
  };
}

/** A container whose JSON is made when it is first asked for. */
export function withJson(value: Container): LiveContainer {
  let text: string | null = null;
  return {
    value,
    get json() {
      text ??= JSON.stringify(value);
      return text;
    },
  };
}
