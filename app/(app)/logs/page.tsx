import type { Metadata } from "next";
import { MergedLogs } from "@/components/logs/merged-logs.tsx";
import { PageTitle } from "@/components/ui/page-title.tsx";
import { ContainerName, ListContainers } from "@/lib/contract/container.ts";
import { webContext } from "@/server/context.ts";
import { listContainers } from "@/server/services/list-containers.ts";

export const metadata: Metadata = { title: "Logs" };

/** Names that the address asks for; what is no name is left out. */
function readNames(value: unknown): string[] {
  const names = typeof value === "string" ? value.split(",") : [];
  return [...new Set(names)].filter((name) => ContainerName.safeParse(name).success).slice(0, 32);
}

export default async function LogsPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const query = ListContainers.parse({ sort: "name", limit: 1000 });
  const [{ containers }, { items }] = await Promise.all([searchParams, listContainers(webContext(), query)]);
  return (
    <>
      <PageTitle title="Logs" />
      <MergedLogs all={items.map(({ name }) => name)} initial={readNames(containers)} />
    </>
  );
}
