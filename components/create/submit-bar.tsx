import type { ReactNode } from "react";

/** What ends the form: beside it on a wide screen, always in reach at the bottom of a narrow one. */
export function SubmitBar({ children }: { children: ReactNode }) {
  return (
    <>
      <div className="flex gap-2 max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-20 max-lg:border-t max-lg:bg-canvas max-lg:p-3">
        {children}
      </div>
      <div className="h-12 lg:hidden" aria-hidden="true" />
    </>
  );
}
