import type { FileEntry } from "@/lib/contract/file.ts";

/** A text as it is being changed, with line feeds alone. */
export interface Draft {
  /** The file as it was when editing began: what a save is based on. */
  entry: FileEntry;
  before: string;
  text: string;
  /** How its lines end; an editor knows line feeds alone, so it is put back. */
  lineEnd: "\n" | "\r\n";
}

const drafts = new Map<string, Draft>();
const watchers = new Set<() => void>();

/**
 * What has been typed into files of containers and not been saved. It is kept until it is saved or discarded, also while
 * one looks at another view; the browser asks before the page itself is left.
 */
export const draftStore = {
  get: (containerId: string, path: string): Draft | null => drafts.get(keyOf(containerId, path)) ?? null,
  subscribe(changed: () => void): () => void {
    watchers.add(changed);
    return () => watchers.delete(changed);
  },
  begin(containerId: string, draft: Omit<Draft, "text">): void {
    put(containerId, draft.entry.path, { ...draft, text: draft.before });
  },
  type(containerId: string, path: string, text: string): void {
    const draft = draftStore.get(containerId, path);
    if (draft) put(containerId, path, { ...draft, text });
  },
  /** The text was written, and the file is `entry` now: editing ends, unless more was typed meanwhile. */
  saved(containerId: string, text: string, entry: FileEntry): void {
    const draft = draftStore.get(containerId, entry.path);
    const goesOn = draft !== null && draft.text !== text;
    put(containerId, entry.path, goesOn ? { ...draft, entry, before: text } : null);
  },
  discard: (containerId: string, path: string): void => put(containerId, path, null),
};

/** Whether something would be lost with a draft. */
export function isChanged({ text, before }: Draft): boolean {
  return text !== before;
}

function keyOf(containerId: string, path: string): string {
  return `${containerId} ${path}`;
}

function put(containerId: string, path: string, draft: Draft | null): void {
  if (draft) drafts.set(keyOf(containerId, path), draft);
  else drafts.delete(keyOf(containerId, path));
  const guarded = [...drafts.values()].some(isChanged);
  if (guarded) window.addEventListener("beforeunload", ask);
  else window.removeEventListener("beforeunload", ask);
  for (const changed of watchers) changed();
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
