import type { ReactNode } from "react";

/** The heading of a page, with what it is about, and its main action at the right. */
export function PageTitle({
  title,
  description,
  children,
}: {
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="flex min-h-9 items-center justify-between gap-4">
      <div className="min-w-0">
        <h1 className="truncate font-semibold text-xl tracking-[-0.02em]">{title}</h1>
        {description && <p className="mt-0.5 text-soft text-sm">{description}</p>}
      </div>
      {children}
    </div>
  );
}
