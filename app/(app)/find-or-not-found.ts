import { notFound } from "next/navigation";
import type { Container } from "@/lib/contract/container.ts";
import { webContext } from "@/server/context.ts";
import { problemOf } from "@/server/problems.ts";
import { findContainer } from "@/server/services/find-container.ts";

/** The container that a page is about; the not-found page when there is none of that name or id. */
export async function findOrNotFound(name: string): Promise<Container> {
  try {
    return await findContainer(webContext(), name);
  } catch (error) {
    if (problemOf(error)?.code === "container-not-found") notFound();
    throw error;
  }
}
