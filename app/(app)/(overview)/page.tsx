import type { Metadata } from "next";
import { OverviewBoard } from "@/components/overview/overview-board.tsx";
import { overviewParts } from "@/components/overview/overview-parts.ts";
import { ListContainers } from "@/lib/contract/container.ts";
import { webContext } from "@/server/context.ts";
import { listContainers } from "@/server/services/list-containers.ts";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const pages = await Promise.all(
    overviewParts.map(({ states, ...query }) =>
      listContainers(webContext(), ListContainers.parse({ ...query, state: states.join(",") })),
    ),
  );
  return <OverviewBoard initial={pages.flatMap(({ items }) => items)} />;
}
