import Link from "next/link";
import type { Health } from "@/lib/contract/health.ts";
import { Logo } from "../brand/logo.tsx";
import { HealthLink } from "./health-link.tsx";
import { NavLink } from "./nav-link.tsx";
import { SignOutButton } from "./sign-out-button.tsx";
import type { Theme } from "./theme.ts";
import { ThemeButton } from "./theme-button.tsx";

/** The bar at the top of every page of a person who is signed in. */
export function Header({ theme, health }: { theme: Theme; health: Health["status"] }) {
  return (
    <header className="sticky top-0 z-30 border-b bg-canvas">
      <div className="mx-auto flex h-13 max-w-7xl items-center gap-1 px-4 sm:px-6">
        <Link href="/containers" className="-ml-1 mr-3 flex items-center gap-2 rounded-md px-1 py-1">
          <Logo className="size-6" />
          <span className="font-semibold text-base tracking-tight">MiniRun</span>
        </Link>
        <nav aria-label="Sections" className="flex items-center gap-0.5">
          <NavLink href="/containers">Containers</NavLink>
          <NavLink href="/health">System</NavLink>
        </nav>
        <div className="ml-auto flex items-center gap-0.5">
          <HealthLink initial={health} />
          <ThemeButton initial={theme} />
          <SignOutButton />
        </div>
      </div>
    </header>
  );
}
