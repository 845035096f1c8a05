import type { KernelMount } from "@/lib/contract/kernel.ts";
import { cn } from "../ui/class-names.ts";
import { oneLine } from "./kernel-text.ts";

/** An overlay as layers on each other: what the container sees, what it has written, and what it stands on. */
export function OverlayDrawing({ mount: { overlay, point } }: { mount: KernelMount }) {
  if (!overlay) return null;
  const { upper, lower } = overlay;
  const lowerFolders = overlay.lowerFolders ?? lower;
  return (
    <div className="border-b bg-sunken px-4 py-3">
      <ol aria-label={`Overlay on ${oneLine(point)}`} className="flex flex-col gap-1">
        <Layer name="merged" path={point} says="what the container sees" className="border-child bg-child/15" />
        {upper !== "" ? (
          <Layer
            name="upper"
            path={upper}
            says="what it has written"
            inset={1}
            className="border-child/60 bg-child/5"
          />
        ) : (
          <li className="ml-5 text-2xs text-faint">no upper folder: nothing can be written</li>
        )}
        {lowerFolders.map((path, index) => (
          <Layer
            // biome-ignore lint/suspicious/noArrayIndexKey: one folder may be a layer twice
            key={index}
            name="lower"
            path={path}
            says={
              path === lower[index]
                ? "what it stands on, never written to"
                : "what it stands on, never written to; id-mapped, so the kernel calls it /"
            }
            inset={2}
            className="border-host/60 bg-host/5"
          />
        ))}
      </ol>
    </div>
  );
}

interface LayerProps {
  name: string;
  path: string;
  says: string;
  inset?: number;
  className: string;
}

function Layer({ name, path, says, inset = 0, className }: LayerProps) {
  return (
    <li
      className={cn("flex min-w-0 items-baseline gap-3 rounded-md border-l-3 py-1 pr-3 pl-2.5 text-xs", className)}
      style={{ marginLeft: `${inset * 10}px` }}
    >
      <span className="w-12 shrink-0 font-medium">{name}</span>
      <span className="min-w-0 flex-1 truncate font-mono text-2xs" title={oneLine(path)}>
        {oneLine(path)}
      </span>
      <span className="shrink-0 text-2xs text-soft max-md:hidden">{says}</span>
    </li>
  );
}
