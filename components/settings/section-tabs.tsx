"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "../ui/class-names.ts";
import { sections } from "./sections.ts";

/** The settings' pages as tabs: each is a page of its own, with an address. */
export function SectionTabs() {
  const pathname = usePathname();
  return (
    <nav aria-label="Settings" className="mt-4 flex gap-5 overflow-x-auto border-b">
      {sections.map(({ href, label }) => {
        const current = pathname === href;
        return (
          <Link
            key={href}
            href={href}
            aria-current={current ? "page" : undefined}
            className={cn(
              "-mb-px whitespace-nowrap border-b-2 py-2 text-sm transition-colors hover:text-ink any-pointer-coarse:min-h-10",
              current ? "border-ink font-medium text-ink" : "border-transparent text-soft",
            )}
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
