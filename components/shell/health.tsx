"use client";

import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import type { Health } from "@/lib/contract/health.ts";
import { useLiveStatus } from "../live/use-containers.ts";
import { readJson } from "../read-json.ts";

const pollMs = 5_000;

/** What /health said last; "unreachable" when it did not answer. */
export type HeardHealth = Health | "unreachable";

const Heard = createContext<HeardHealth>("unreachable");

/** Asks /health for all who show it: every five seconds while the page is looked at. */
export function HealthProvider({ initial, children }: { initial: Health; children: ReactNode }) {
  const [heard, setHeard] = useState<HeardHealth>(initial);
  const live = useLiveStatus();
  // Asked again at once when the stream breaks or comes back: that is when it changes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `live` is the reason to ask, not a part of the question
  useEffect(() => {
    let current = true;
    const ask = () =>
      readJson<"health">("/health").then(
        (health) => current && setHeard(health),
        () => current && setHeard("unreachable"),
      );
    void ask();
    const timer = setInterval(() => document.visibilityState === "visible" && void ask(), pollMs);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [live]);
  return <Heard value={heard}>{children}</Heard>;
}

export function useHealth(): HeardHealth {
  return useContext(Heard);
}
