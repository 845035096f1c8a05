import type { Metadata } from "next";
import { AccountView } from "@/components/people/account-view.tsx";
import { PageProblem } from "@/components/shell/page-problem.tsx";
import type { Principal } from "@/lib/contract/principal.ts";
import { webContext } from "@/server/context.ts";
import { problemOf } from "@/server/problems.ts";
import { currentRequest } from "@/server/request-context.ts";
import { listBrowserSessions, readAccount } from "@/server/services/account.ts";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const { principal } = currentRequest();
  if (!principal) return null;
  try {
    return <AccountView principal={principal} account={await read(principal)} />;
  } catch (error) {
    const problem = problemOf(error);
    if (!problem) throw error;
    return <PageProblem problem={problem} />;
  }
}

async function read(principal: Principal) {
  if (principal.credential.kind !== "session") return null;
  const context = webContext();
  const [person, sessions] = await Promise.all([
    readAccount(context, principal),
    listBrowserSessions(context, principal),
  ]);
  return { person, sessions };
}
