import type { ReactNode } from "react";
import { Logo } from "../brand/logo.tsx";
import { Prose } from "./prose.tsx";

/** A page that has one thing to say. */
export function Message({ title, detail, children }: { title: string; detail: string; children?: ReactNode }) {
  return (
    <section className="relative isolate flex flex-1 flex-col items-center justify-center px-6 py-24 text-center">
      <div className="-z-10 absolute inset-0 bg-grid" aria-hidden="true" />
      <Logo className="size-10" />
      <h1 className="mt-6 text-balance font-semibold text-2xl tracking-[-0.025em]">{title}</h1>
      <p className="mt-2 max-w-md text-pretty text-soft">
        <Prose>{detail}</Prose>
      </p>
      {children && <div className="mt-6 flex flex-wrap justify-center gap-2">{children}</div>}
    </section>
  );
}
