import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PageTitle } from "@/components/ui/page-title.tsx";

export const metadata: Metadata = { title: "Design" };

/** Every token and every component with all its states; in development alone, and in no built product. */
export default async function DesignPage() {
  if (process.env.NODE_ENV !== "development") notFound();
  const [{ Tokens }, { Controls }, { Feedback }] = await Promise.all([
    import("@/components/design/tokens.tsx"),
    import("@/components/design/controls.tsx"),
    import("@/components/design/feedback.tsx"),
  ]);
  return (
    <>
      <PageTitle title="Design" description="What the pages are made of. Shown in development alone." />
      <div className="mt-5">
        <Tokens />
        <Controls />
        <Feedback />
      </div>
    </>
  );
}
