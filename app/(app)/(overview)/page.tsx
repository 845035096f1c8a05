import type { Metadata } from "next";
import { OverviewBoard } from "@/components/overview/overview-board.tsx";
import { overviewParts } from "@/components/overview/overview-parts.ts";
import { ListContainers } from "@/lib/contract/container.ts";
import { ListOperations } from "@/lib/contract/operation.ts";
import { webContext } from "@/server/context.ts";
import { listContainers } from "@/server/services/list-containers.ts";
import { listOperations } from "@/server/services/list-operations.ts";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const context = webContext();
  const [parts, ends] = await Promise.all([
    Promise.all(
      overviewParts.map(({ states, ...query }) =>
        listContainers(context, ListContainers.parse({ ...query, state: states.join(",") })),
      ),
    ),
    Promise.all(
      (["stop", "kill"] as const).map((verb) =>
        listOperations(context, ListOperations.parse({ verb, state: "succeeded", limit: 100 })),
      ),
    ),
  ]);
  return <OverviewBoard initial={parts.flatMap(({ items }) => items)} ends={ends.flatMap(({ items }) => items)} />;
}
