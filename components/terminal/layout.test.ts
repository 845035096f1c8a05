import { describe, expect, it } from "vitest";
import {
  activeTab,
  addTab,
  allPanes,
  closePane,
  focusPane,
  initialLayout,
  keepPanes,
  type Layout,
  neighbour,
  ownPane,
  place,
  readLayout,
  setRatio,
  splitPane,
} from "./layout.ts";

const [a, b, c] = ["a", "b", "c"].map((digit) => `3f0d7a55-7a40-4c57-9d0e-00000000000${digit}`) as [
  string,
  string,
  string,
];

/** own | a above b */
const three = (): Layout => splitPane(splitPane(initialLayout(), ownPane, "row", a), a, "column", b);

describe("a layout", () => {
  it("places panes and dividers", () => {
    const { panes, dividers } = place(activeTab(three()).root);
    expect(panes).toEqual([
      { pane: ownPane, rect: { left: 0, top: 0, width: 0.5, height: 1 } },
      { pane: a, rect: { left: 0.5, top: 0, width: 0.5, height: 0.5 } },
      { pane: b, rect: { left: 0.5, top: 0.5, width: 0.5, height: 0.5 } },
    ]);
    expect(dividers.map(({ path, axis }) => [path, axis])).toEqual([
      ["", "row"],
      ["1", "column"],
    ]);
  });

  it("moves the divider that it is told to, within bounds", () => {
    expect(place(activeTab(setRatio(three(), "1", 0.75)).root).panes[1]?.rect.height).toBe(0.75);
    expect(place(activeTab(setRatio(three(), "", 5)).root).panes[0]?.rect.width).toBe(0.9);
  });

  it("finds the neighbour in a direction", () => {
    const from = (pane: string) => activeTab(focusPane(three(), pane));
    expect(neighbour(from(b), "up")).toBe(a);
    expect(neighbour(from(b), "left")).toBe(ownPane);
    expect(neighbour(from(ownPane), "right")).toBe(a);
    expect(neighbour(from(ownPane), "left")).toBeNull();
  });

  it("gives a closed pane's room to its neighbour, and keeps the container's own", () => {
    const closed = closePane(three(), b);
    expect(activeTab(closed)).toMatchObject({ root: { first: ownPane, second: a }, focused: a });
    expect(closePane(closePane(closed, a), ownPane)).toEqual(initialLayout());
  });

  it("goes to the next tab when one is closed", () => {
    const tabs = addTab(addTab(initialLayout(), a), b);
    expect(closePane(tabs, b).active).toBe(a);
    expect(closePane(focusPane(tabs, ownPane), b).active).toBe(ownPane);
  });

  it("tells tabs apart when a pane returns whose name its former tab still has", () => {
    const split = splitPane(addTab(initialLayout(), a), a, "row", b);
    const returned = addTab(closePane(split, a), a);
    expect(new Set(returned.tabs.map(({ id }) => id)).size).toBe(3);
    expect(activeTab(returned).root).toBe(a);
    expect(activeTab(focusPane(returned, b)).root).toBe(b);
  });

  it("drops panes whose sessions are gone", () => {
    expect(allPanes(keepPanes(addTab(three(), c), new Set([a, c])))).toEqual([ownPane, a, c]);
  });

  it("is read back as it was kept, and begins anew where that is nonsense", () => {
    const layout = addTab(three(), c);
    expect(readLayout(JSON.stringify(layout))).toEqual(layout);
    const twice = { ...layout, tabs: [...layout.tabs, ...layout.tabs] };
    const focusElsewhere = { tabs: [{ id: ownPane, root: ownPane, focused: a }], active: ownPane };
    for (const bad of [null, "{", "[]", JSON.stringify(twice), JSON.stringify(focusElsewhere)]) {
      expect(readLayout(bad)).toEqual(initialLayout());
    }
  });
});
