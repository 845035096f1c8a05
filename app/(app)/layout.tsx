import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Clock } from "@/components/live/clock.tsx";
import { StreamBanner } from "@/components/live/stream-banner.tsx";
import { Header } from "@/components/shell/header.tsx";
import { HealthProvider } from "@/components/shell/health.tsx";
import { HealthBanner } from "@/components/shell/health-banner.tsx";
import { NoAuthBanner } from "@/components/shell/no-auth-banner.tsx";
import { RoleProvider } from "@/components/shell/role.tsx";
import { Shortcuts } from "@/components/shell/shortcuts.tsx";
import { readTheme, themeCookieName } from "@/components/shell/theme.ts";
import { Toaster } from "@/components/ui/toaster.tsx";
import { webContext } from "@/server/context.ts";
import { currentRequest } from "@/server/request-context.ts";
import { readHealth } from "@/server/services/health.ts";

export default async function AppLayout({ children }: { children: ReactNode }) {
  const [jar, health] = await Promise.all([cookies(), readHealth(webContext())]);
  return (
    <RoleProvider role={currentRequest().principal?.role ?? "viewer"}>
      <Clock renderedAt={Date.now()}>
        <HealthProvider initial={health}>
          <Header theme={readTheme(jar.get(themeCookieName)?.value)} />
          {webContext().config.noAuth && <NoAuthBanner />}
          <StreamBanner />
          <HealthBanner />
        </HealthProvider>
        <main id="content" className="mx-auto flex w-full max-w-7xl flex-1 flex-col px-4 py-6 sm:px-6 sm:py-8">
          {children}
        </main>
        <Shortcuts />
        <Toaster />
      </Clock>
    </RoleProvider>
  );
}
