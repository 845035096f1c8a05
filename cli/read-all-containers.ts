import type { Client } from "../lib/client/api.ts";
import type { Container, ListContainers } from "../lib/contract/container.ts";

/** Every container that a query finds, page after page. */
export async function readAllContainers(client: Client, query: Partial<ListContainers> = {}): Promise<Container[]> {
  const containers: Container[] = [];
  for (let cursor: string | undefined, first = true; first || cursor; first = false) {
    const page = await client.call("listContainers", { query: { limit: 1000, ...query, ...(cursor && { cursor }) } });
    containers.push(...page.items);
    cursor = page.next ?? undefined;
  }
  return containers;
}
