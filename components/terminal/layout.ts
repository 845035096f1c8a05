import * as z from "zod";

/** The pane that shows the container's own terminal; every other pane is named by its session's id. */
export const ownPane = "own";
export const maxPanes = 9;

/** Panes side by side (`row`) or one above the other (`column`); `ratio` is the first one's share. */
export interface Split {
  axis: "row" | "column";
  ratio: number;
  first: Node;
  second: Node;
}
export type Node = string | Split;

export interface Tab {
  id: string;
  root: Node;
  focused: string;
}

export interface Layout {
  tabs: Tab[];
  active: string;
}

/** A part of the tab's area, in shares of it. */
export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Between the two halves of the split at `path`: `0` and `1` say which half, from the root on. */
export interface Divider {
  path: string;
  axis: Split["axis"];
  ratio: number;
  /** The area of the whole split. */
  rect: Rect;
}

export type Direction = "left" | "right" | "up" | "down";

const minRatio = 0.1;

export function initialLayout(): Layout {
  return { tabs: [{ id: ownPane, root: ownPane, focused: ownPane }], active: ownPane };
}

export function panesOf(node: Node): string[] {
  return typeof node === "string" ? [node] : [...panesOf(node.first), ...panesOf(node.second)];
}

export function allPanes({ tabs }: Layout): string[] {
  return tabs.flatMap(({ root }) => panesOf(root));
}

export function activeTab({ tabs, active }: Layout): Tab {
  const tab = tabs.find(({ id }) => id === active) ?? tabs[0];
  if (!tab) throw new Error("a layout has at least the tab of the container's own terminal");
  return tab;
}

/** Opens a tab behind the others and goes there. */
export function addTab(layout: Layout, pane: string): Layout {
  // A tab keeps its name when the pane that it is named by leaves it.
  let id = pane;
  while (layout.tabs.some((tab) => tab.id === id)) id += "+";
  return { tabs: [...layout.tabs, { id, root: pane, focused: pane }], active: id };
}

export function activate(layout: Layout, id: string): Layout {
  return layout.tabs.some((tab) => tab.id === id) ? { ...layout, active: id } : layout;
}

/** Goes to a pane, in whichever tab it is. */
export function focusPane(layout: Layout, pane: string): Layout {
  const tab = layout.tabs.find(({ root }) => panesOf(root).includes(pane));
  if (!tab) return layout;
  return { ...withTab(layout, { ...tab, focused: pane }), active: tab.id };
}

/** Halves a pane; the new one is right of it, or below. */
export function splitPane(layout: Layout, pane: string, axis: Split["axis"], added: string): Layout {
  const tab = layout.tabs.find(({ root }) => panesOf(root).includes(pane));
  if (!tab) return layout;
  const root = replace(tab.root, pane, { axis, ratio: 0.5, first: pane, second: added });
  return root === null ? layout : { ...withTab(layout, { ...tab, root, focused: added }), active: tab.id };
}

/** Takes a pane out; its neighbour gets the room. The container's own stays. */
export function closePane(layout: Layout, pane: string): Layout {
  const tab = layout.tabs.find(({ root }) => panesOf(root).includes(pane));
  if (!tab || pane === ownPane) return layout;
  const root = replace(tab.root, pane, null);
  if (root !== null) {
    const panes = panesOf(root);
    const focused = panes.includes(tab.focused) ? tab.focused : (panes.at(-1) ?? tab.focused);
    return withTab(layout, { ...tab, root, focused });
  }
  const at = layout.tabs.indexOf(tab);
  const tabs = layout.tabs.filter((other) => other !== tab);
  const next = tabs[Math.min(at, tabs.length - 1)]?.id ?? ownPane;
  return { tabs, active: layout.active === tab.id ? next : layout.active };
}

/** Leaves only the panes whose sessions are still there. */
export function keepPanes(layout: Layout, sessions: ReadonlySet<string>): Layout {
  return allPanes(layout)
    .filter((pane) => pane !== ownPane && !sessions.has(pane))
    .reduce(closePane, layout);
}

/** Moves the divider at a path. */
export function setRatio(layout: Layout, path: string, ratio: number): Layout {
  const tab = activeTab(layout);
  const share = Math.min(Math.max(ratio, minRatio), 1 - minRatio);
  return withTab(layout, { ...tab, root: changeAt(tab.root, path, share) });
}

/** Where the panes of a tab lie, and what divides them. */
export function place(
  node: Node,
  rect: Rect = { left: 0, top: 0, width: 1, height: 1 },
  path = "",
): { panes: { pane: string; rect: Rect }[]; dividers: Divider[] } {
  if (typeof node === "string") return { panes: [{ pane: node, rect }], dividers: [] };
  const { axis, ratio } = node;
  const row = axis === "row";
  const [width, height] = row ? [rect.width * ratio, rect.height] : [rect.width, rect.height * ratio];
  const first = place(node.first, { ...rect, width, height }, `${path}0`);
  const rest = row
    ? { ...rect, left: rect.left + width, width: rect.width - width }
    : { ...rect, top: rect.top + height, height: rect.height - height };
  const second = place(node.second, rest, `${path}1`);
  return {
    panes: [...first.panes, ...second.panes],
    dividers: [{ path, axis, ratio, rect }, ...first.dividers, ...second.dividers],
  };
}

/** The pane that one comes to from the focused one; null at the edge. */
export function neighbour({ root, focused }: Tab, direction: Direction): string | null {
  const { panes } = place(root);
  const from = panes.find(({ pane }) => pane === focused)?.rect;
  if (!from) return null;
  const centre = { x: from.left + from.width / 2, y: from.top + from.height / 2 };
  const sideways = direction === "left" || direction === "right";
  const reached = panes
    .filter(({ rect }) => beyond(rect, from, direction))
    .map(({ pane, rect }) => ({
      pane,
      far: Math.abs(sideways ? rect.left - from.left : rect.top - from.top),
      off: sideways
        ? Math.max(rect.top - centre.y, centre.y - rect.top - rect.height, 0)
        : Math.max(rect.left - centre.x, centre.x - rect.left - rect.width, 0),
    }));
  reached.sort((a, b) => a.off - b.off || a.far - b.far);
  return reached[0]?.pane ?? null;
}

function beyond(rect: Rect, from: Rect, direction: Direction): boolean {
  const slack = 1e-6;
  switch (direction) {
    case "left":
      return rect.left + rect.width <= from.left + slack;
    case "right":
      return rect.left >= from.left + from.width - slack;
    case "up":
      return rect.top + rect.height <= from.top + slack;
    case "down":
      return rect.top >= from.top + from.height - slack;
  }
}

function withTab(layout: Layout, tab: Tab): Layout {
  return { ...layout, tabs: layout.tabs.map((other) => (other.id === tab.id ? tab : other)) };
}

/** The tree with a pane replaced, or taken out by null. */
function replace(node: Node, pane: string, by: Node | null): Node | null {
  if (typeof node === "string") return node === pane ? by : node;
  const first = replace(node.first, pane, by);
  const second = replace(node.second, pane, by);
  if (first === null || second === null) return first ?? second;
  return { ...node, first, second };
}

function changeAt(node: Node, path: string, ratio: number): Node {
  if (typeof node === "string") return node;
  if (path === "") return { ...node, ratio };
  const half = path.startsWith("0") ? "first" : "second";
  return { ...node, [half]: changeAt(node[half], path.slice(1), ratio) };
}

const NodeSchema: z.ZodType<Node> = z.union([
  z.literal(ownPane),
  z.uuid(),
  z.object({
    axis: z.enum(["row", "column"]),
    ratio: z
      .number()
      .min(minRatio)
      .max(1 - minRatio),
    get first() {
      return NodeSchema;
    },
    get second() {
      return NodeSchema;
    },
  }),
]);
const LayoutSchema = z.object({
  tabs: z.array(z.object({ id: z.string(), root: NodeSchema, focused: z.string() })).max(maxPanes),
  active: z.string(),
});

/** A layout that was kept as JSON; the initial one when it cannot be one of ours. */
export function readLayout(json: string | null): Layout {
  try {
    const layout = LayoutSchema.parse(JSON.parse(json ?? "null"));
    const panes = allPanes(layout);
    const sound =
      panes.includes(ownPane) &&
      panes.length <= maxPanes &&
      new Set(panes).size === panes.length &&
      new Set(layout.tabs.map(({ id }) => id)).size === layout.tabs.length &&
      layout.tabs.every(({ root, focused }) => panesOf(root).includes(focused));
    return sound ? layout : initialLayout();
  } catch {
    return initialLayout();
  }
}
