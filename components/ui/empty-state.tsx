import type { ReactNode } from "react";
import { cn } from "./class-names.ts";

interface Props {
  icon?: ReactNode;
  title: string;
  /** Why there is nothing, or what would be here. */
  children: ReactNode;
  /** What leads on. */
  action?: ReactNode;
  className?: string;
}

/** Stands where there would be something, and leads on. */
export function EmptyState({ icon, title, children, action, className }: Props) {
  return (
    <div
      className={cn(
        "flex flex-col items-center rounded-xl border border-dashed px-6 py-12 text-center [&>svg]:mb-3 [&>svg]:size-6 [&>svg]:text-faint",
        className,
      )}
    >
      {icon}
      <p className="font-medium">{title}</p>
      <div className="mt-1 max-w-md text-pretty text-soft text-sm">{children}</div>
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
