import type { Metadata } from "next";
import { ContainerBoard } from "@/components/containers/container-board.tsx";
import { isFiltered, readListQuery } from "@/components/containers/list-query.ts";
import { ListContainers } from "@/lib/contract/container.ts";
import { webContext } from "@/server/context.ts";
import { listContainers } from "@/server/services/list-containers.ts";

export const metadata: Metadata = { title: "Containers" };

/** Enough for a screen; the page reads the rest by itself. */
const firstPage = 50;

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ContainersPage({ searchParams }: Props) {
  const given = await searchParams;
  const query = readListQuery({ get: (name) => [given[name]].flat()[0] ?? null });
  const { search, states, label, sort } = query;
  const list = await listContainers(
    webContext(),
    ListContainers.parse({
      limit: firstPage,
      ...(search !== "" && { search }),
      ...(states.length > 0 && { state: states.join(",") }),
      ...(label !== "" && { label }),
      // What they use is known to the live page alone.
      ...(!/cpu|memory/.test(sort) && { sort }),
    }),
  );
  return <ContainerBoard initial={list} complete={list.next === null && !isFiltered(query)} />;
}
