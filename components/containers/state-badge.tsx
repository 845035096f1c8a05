import type { Container } from "@/lib/contract/container.ts";
import { Badge } from "../ui/badge.tsx";
import { describeState } from "./describe.ts";

/** A container's state, in words and colour. */
export function StateBadge({ container }: { container: Container }) {
  const { label, tone } = describeState(container);
  return (
    <Badge tone={tone} dot data-state={container.state}>
      {label}
    </Badge>
  );
}
