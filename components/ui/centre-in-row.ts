/** Scrolls a row that is wider than its place sideways, so that this item of it stands in the middle. */
export function centreInRow(row: Element | null, item: Element | null | undefined): void {
  if (!row || !item) return;
  const [outer, inner] = [row.getBoundingClientRect(), item.getBoundingClientRect()];
  row.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
}
