"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import { keepCentred } from "../ui/centre-in-row.ts";
import { cn } from "../ui/class-names.ts";

/** A link of the header, marked while its section is shown, and in sight then where the row of them is too long. */
export function NavLink({ href, children }: { href: string; children: ReactNode }) {
  const pathname = usePathname();
  const current = pathname === href || (href !== "/" && pathname.startsWith(`${href}/`));
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    return current ? keepCentred(link.current?.parentElement ?? null, link.current) : undefined;
  }, [current]);
  return (
    <Link
      ref={link}
      href={href}
      aria-current={current ? "page" : undefined}
      className={cn(
        "flex items-center whitespace-nowrap rounded-md px-2.5 py-1 text-sm transition-colors hover:text-ink any-pointer-coarse:min-h-10",
        current ? "bg-hover font-medium text-ink" : "text-soft",
      )}
    >
      {children}
    </Link>
  );
}
