import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { localPath } from "@/components/shell/local-path.ts";
import { SignInForm } from "@/components/shell/sign-in-form.tsx";
import { providerLabels } from "@/server/auth/provider-labels.ts";
import { webContext } from "@/server/context.ts";
import { currentRequest } from "@/server/request-context.ts";

export const metadata: Metadata = { title: "Sign in" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: Props) {
  const { code, next, error } = await searchParams;
  if (currentRequest().principal && code === undefined && error === undefined) redirect(localPath(next));
  return (
    <SignInForm
      code={typeof code === "string" ? code : null}
      next={localPath(next)}
      providers={providerLabels(webContext().config)}
      refusal={typeof error === "string" ? error : null}
    />
  );
}
