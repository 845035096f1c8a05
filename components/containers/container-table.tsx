import type { Container } from "@/lib/contract/container.ts";
import { ContainerRow } from "./container-row.tsx";

/** Containers as a table; on a narrow screen each row folds into a card. */
export function ContainerTable({ containers }: { containers: readonly Container[] }) {
  return (
    <div className="overflow-hidden rounded-xl border bg-surface shadow-card">
      <table className="w-full table-fixed border-collapse text-left text-sm">
        <thead className="hidden border-b bg-sunken/60 text-faint text-xs md:table-header-group">
          <tr>
            <th scope="col" className="h-9 pl-4 font-medium">
              Name
            </th>
            <th scope="col" className="w-44 px-3 font-medium">
              State
            </th>
            <th scope="col" className="w-[26%] px-3 font-medium">
              Command
            </th>
            <th scope="col" className="hidden w-56 px-3 font-medium lg:table-cell">
              Limits
            </th>
            <th scope="col" className="w-36 pr-4 text-right font-medium">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {containers.map((container) => (
            <ContainerRow key={container.id} container={container} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
