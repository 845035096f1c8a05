import { type ISearchOptions, SearchAddon } from "@xterm/addon-search";
import type { Terminal } from "@xterm/xterm";

export interface SearchOptions {
  caseSensitive: boolean;
  wholeWord: boolean;
}

/** How many matches there are, and the place of the chosen one from 1 on; 0 when there are too many to say. */
export interface SearchResult {
  at: number;
  count: number;
}

export interface Search {
  next(text: string, options: SearchOptions, incremental?: boolean): void;
  previous(text: string, options: SearchOptions): void;
  end(): void;
}

/** More matches are counted as this many. */
export const maxMatches = 1_000;

const decorations = {
  matchBackground: "#8a6d1f",
  matchOverviewRuler: "#d0a93c",
  activeMatchBackground: "#d97706",
  activeMatchColorOverviewRuler: "#f59e0b",
};

/** Finds plain text on the screen and above it. */
export function createSearch(terminal: Terminal, onResult: (result: SearchResult) => void): Search {
  const addon = new SearchAddon({ highlightLimit: maxMatches });
  terminal.loadAddon(addon);
  addon.onDidChangeResults(({ resultIndex, resultCount }) => onResult({ at: resultIndex + 1, count: resultCount }));
  let before = "";
  const full = ({ caseSensitive, wholeWord }: SearchOptions, incremental: boolean): ISearchOptions => {
    // The addon goes on counting by the former options when the text stays the same.
    const now = `${caseSensitive} ${wholeWord}`;
    if (now !== before) addon.clearDecorations();
    before = now;
    return { caseSensitive, wholeWord, incremental, decorations };
  };
  return {
    next: (text, options, incremental = false) => void addon.findNext(text, full(options, incremental)),
    previous: (text, options) => void addon.findPrevious(text, full(options, false)),
    end: () => addon.clearDecorations(),
  };
}
