import type { ReactNode } from "react";
import { SectionTabs } from "@/components/settings/section-tabs.tsx";
import { PageTitle } from "@/components/ui/page-title.tsx";

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <PageTitle title="Settings" description="Who may use this MiniRun, and how." />
      <SectionTabs />
      {children}
    </>
  );
}
