import type { Metadata } from "next";
import { LabList } from "@/components/labs/lab-list.tsx";
import { PageTitle } from "@/components/ui/page-title.tsx";
import { listLabs } from "@/server/services/labs.ts";

export const metadata: Metadata = { title: "Labs" };

export default function LabsPage() {
  return (
    <>
      <PageTitle
        title="Labs"
        description="Small programs that show how containers are made. Read them, run them, and let the kernel check what you did."
      />
      <LabList labs={listLabs()} />
    </>
  );
}
