import Link from "next/link";
import { Logo } from "../brand/logo.tsx";
import { OperationsTray } from "../operations/operations-tray.tsx";
import { HealthLink } from "./health-link.tsx";
import { NavLink } from "./nav-link.tsx";
import { pages } from "./pages.ts";
import { PaletteButton } from "./palette-button.tsx";
import { SignOutButton } from "./sign-out-button.tsx";
import type { Theme } from "./theme.ts";
import { ThemeButton } from "./theme-button.tsx";

/** The bar at the top of every page of a person who is signed in; narrow screens have the sections in a row below it. */
export function Header({ theme }: { theme: Theme }) {
  return (
    <header className="sticky top-0 z-30 border-b bg-canvas">
      <a
        href="#content"
        className="sr-only rounded-md bg-ink px-3 py-2 text-on-ink text-sm focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to content
      </a>
      <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-1 px-4 sm:px-6">
        <Link
          href="/"
          className="-ml-1 mr-3 flex h-13 items-center gap-2 rounded-md px-1"
          aria-label="MiniRun, overview"
        >
          <Logo className="size-6" />
          <span className="font-semibold text-base tracking-tight">MiniRun</span>
        </Link>
        <nav
          aria-label="Sections"
          className="-mx-4 flex items-center gap-0.5 max-md:order-last max-md:w-[calc(100%+2rem)] max-md:overflow-x-auto max-md:px-3 max-md:pb-2 md:mx-0"
        >
          {pages.map(({ href, label }) => (
            <NavLink key={href} href={href}>
              {label}
            </NavLink>
          ))}
        </nav>
        <div className="ml-auto flex h-13 items-center gap-0.5">
          <PaletteButton />
          <HealthLink />
          <OperationsTray />
          <ThemeButton initial={theme} />
          <SignOutButton />
        </div>
      </div>
    </header>
  );
}
