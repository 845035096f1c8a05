import type { Metadata } from "next";
import { WatchView } from "@/components/terminal/watch-view.tsx";

export const metadata: Metadata = { title: "Watch", robots: { index: false } };

/** A shared terminal, for whoever has its link. The code stands in the fragment, which no server sees. */
export default function WatchPage() {
  return <WatchView />;
}
