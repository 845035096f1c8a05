import type { Metadata } from "next";
import { SystemView } from "@/components/shell/system-view.tsx";
import { PageTitle } from "@/components/ui/page-title.tsx";
import { webContext } from "@/server/context.ts";
import { readHealth, readWorkerHealth } from "@/server/services/health.ts";

export const metadata: Metadata = { title: "System" };

export default async function SystemPage() {
  const context = webContext();
  const [health, worker] = await Promise.all([readHealth(context), readWorkerHealth(context).catch(() => null)]);
  return (
    <>
      <PageTitle title="System" description="What MiniRun is made of, and how each part is." />
      <SystemView initial={{ health, worker }} />
    </>
  );
}
