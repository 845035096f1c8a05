import { Lock } from "lucide-react";
import type { Metadata } from "next";
import { PeopleView } from "@/components/people/people-view.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { webContext } from "@/server/context.ts";
import { problemOf } from "@/server/problems.ts";
import { currentRequest } from "@/server/request-context.ts";
import { listPeople } from "@/server/services/people.ts";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage() {
  const { principal } = currentRequest();
  if (principal?.role !== "administrator") {
    return (
      <div className="mt-5">
        <EmptyState icon={<Lock />} title="This is for administrators">
          {`Your role is ${principal?.role ?? "none"}. An administrator decides who may sign in, and as what.`}
        </EmptyState>
      </div>
    );
  }
  try {
    return <PeopleView ownId={principal.id} initial={await listPeople(webContext())} problem={null} />;
  } catch (error) {
    const problem = problemOf(error);
    if (!problem) throw error;
    return <PeopleView ownId={principal.id} initial={[]} problem={problem} />;
  }
}
