import type { Metadata } from "next";
import { TokensView } from "@/components/settings/tokens-view.tsx";
import { webContext } from "@/server/context.ts";
import { problemOf } from "@/server/problems.ts";
import { currentRequest } from "@/server/request-context.ts";
import { listTokens } from "@/server/services/tokens.ts";

export const metadata: Metadata = { title: "API tokens" };

export default async function TokensPage() {
  const { principal } = currentRequest();
  if (!principal) return null;
  try {
    return <TokensView principal={principal} initial={await listTokens(webContext(), principal)} problem={null} />;
  } catch (error) {
    const problem = problemOf(error);
    if (!problem) throw error;
    return <TokensView principal={principal} initial={[]} problem={problem} />;
  }
}
