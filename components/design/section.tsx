import type { ReactNode } from "react";

/** A part of the design page: a component with its states, each under its name. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-t py-6">
      <h2 className="mb-4 font-semibold text-base tracking-tight">{title}</h2>
      <div className="flex flex-wrap items-start gap-x-8 gap-y-5">{children}</div>
    </section>
  );
}

export function Specimen({ name, wide = false, children }: { name: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={wide ? "w-full max-w-2xl" : undefined}>
      <p className="mb-1.5 text-faint text-xs">{name}</p>
      {children}
    </div>
  );
}
