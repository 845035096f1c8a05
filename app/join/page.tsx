import type { Metadata } from "next";
import { JoinForm } from "@/components/people/join-form.tsx";

export const metadata: Metadata = { title: "Join", robots: { index: false } };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where a one-time link leads: whoever it was made for sets name and password. */
export default async function JoinPage({ searchParams }: Props) {
  const { code } = await searchParams;
  return <JoinForm code={typeof code === "string" ? code : ""} />;
}
