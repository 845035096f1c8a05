/** The addresses that a page has asked the router for and that are not shown yet. */
export interface AskedAddress {
  /** The query that was asked for last on this path, else the one that the browser has (`location.search`). */
  latest(pathname: string, inBrowser: string): URLSearchParams;
  ask(pathname: string, query: URLSearchParams): void;
  /** The router has rendered this one; may be told several times. */
  rendered(pathname: string, query: URLSearchParams): void;
}

/**
 * Remembers what was asked for. Next's router renders an address some time after it was set, and sets the one that it has
 * rendered once more then: over a newer one, when the next change came in between. Who reads the browser's own address
 * in that moment would lose a change.
 */
export function createAskedAddress(): AskedAddress {
  let asked: string[] = [];
  let shown = "";
  const join = (pathname: string, query: URLSearchParams) => `${pathname}?${query}`;
  return {
    latest(pathname, inBrowser) {
      const [path, query] = asked.at(-1)?.split("?", 2) ?? [];
      return new URLSearchParams(path === pathname ? query : inBrowser);
    },
    ask(pathname, query) {
      const address = join(pathname, query);
      if (asked.at(-1) !== address) asked.push(address);
    },
    rendered(pathname, query) {
      const address = join(pathname, query);
      if (address === shown) return;
      shown = address;
      // One that nobody asked for here, of a link or of the back button, makes all before it void.
      const at = asked.lastIndexOf(address);
      asked = at < 0 ? [] : asked.slice(at + 1);
    },
  };
}
