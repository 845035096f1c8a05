import type { Metadata } from "next";
import { FleetView } from "@/components/statistics/fleet-view.tsx";

export const metadata: Metadata = { title: "Statistics" };

export default function StatisticsPage() {
  return <FleetView />;
}
