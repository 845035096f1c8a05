/**
 * Scrolls a row that is wider than its place sideways, so that this item of it stands in the middle, now and whenever
 * its place becomes another, as when a phone is turned. Answers what ends that.
 */
export function keepCentred(row: Element | null, item: Element | null | undefined): (() => void) | undefined {
  if (!row || !item) return undefined;
  const centre = () => {
    const [outer, inner] = [row.getBoundingClientRect(), item.getBoundingClientRect()];
    row.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  };
  centre();
  const observer = new ResizeObserver(centre);
  observer.observe(row);
  return () => observer.disconnect();
}
