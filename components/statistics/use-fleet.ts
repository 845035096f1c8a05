"use client";

import { useEffect, useState } from "react";
import { stats } from "../live/stats.ts";
import { advanceFleet, type Fleet, type FleetRow, type FleetSort, sortFleet } from "./fleet.ts";

/** Rows change places no oftener than this, so that one can read and click them. */
const reorderMs = 3_000;

interface Shown {
  fleet: Fleet;
  order: readonly string[];
  sort: FleetSort;
  orderedAt: number;
}

/**
 * What every running container uses, each second, in an order that holds still for three seconds and while `held` says
 * so. Null until the first moment was told.
 */
export function useFleet(sort: FleetSort, held: () => boolean): readonly FleetRow[] | null {
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => {
    const tick = () => {
      if (stats.status() !== "live" || document.hidden) return;
      const now = performance.now();
      setShown((before) => {
        const fleet = advanceFleet(before?.fleet ?? new Map(), stats.samples().values());
        const due = !before || before.sort !== sort || (now - before.orderedAt >= reorderMs && !held());
        return due
          ? { fleet, sort, orderedAt: now, order: sortFleet(rowsOf(fleet), sort).map(({ id }) => id) }
          : { ...before, fleet, order: withNewcomers(before.order, fleet) };
      });
    };
    tick();
    return stats.subscribe(tick);
  }, [sort, held]);
  if (!shown) return null;
  const order = shown.sort === sort ? shown.order : sortFleet(rowsOf(shown.fleet), sort).map(({ id }) => id);
  return order.flatMap((id) => shown.fleet.get(id)?.row ?? []);
}

function rowsOf(fleet: Fleet): FleetRow[] {
  return Array.from(fleet.values(), ({ row }) => row);
}

/** The order as it was, without who has left, and with who is new at its end. */
function withNewcomers(order: readonly string[], fleet: Fleet): readonly string[] {
  const known = new Set(order);
  const fresh = [...fleet.keys()].filter((id) => !known.has(id));
  return fresh.length === 0 && order.every((id) => fleet.has(id))
    ? order
    : [...order.filter((id) => fleet.has(id)), ...fresh];
}
