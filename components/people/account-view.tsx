"use client";

import { UserRound } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { BrowserSession, Person } from "@/lib/contract/person.ts";
import type { Principal } from "@/lib/contract/principal.ts";
import { roleTexts } from "../settings/role-texts.ts";
import { Badge } from "../ui/badge.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { BrowserSessions } from "./browser-sessions.tsx";
import { NameForm } from "./name-form.tsx";
import { PasswordForm } from "./password-form.tsx";

interface Props {
  principal: Principal;
  /** Null for who has no account: the operator. */
  account: { person: Person; sessions: BrowserSession[] } | null;
}

/** Who one is here: name, role, password, and the browsers in which one is signed in. */
export function AccountView({ principal, account }: Props) {
  const router = useRouter();
  const [passwords, setPasswords] = useState(0);
  if (!account) {
    return (
      <div className="mt-5">
        <EmptyState icon={<UserRound />} title={`You are signed in as ${principal.name}`}>
          The operator of this machine has no account: the operator token and one-time links let in, and do everything.
          Invite yourself on the page People, so that what you do stands under your name.
        </EmptyState>
      </div>
    );
  }
  const { person, sessions } = account;
  return (
    <div className="mt-5 grid items-start gap-4 lg:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-4">
        <section aria-label="You" className="rounded-xl border bg-surface p-4 shadow-card">
          <p className="flex items-center gap-2">
            <span className="truncate font-semibold text-base tracking-tight">{person.name}</span>
            <Badge>{person.role}</Badge>
          </p>
          <p className="truncate text-soft text-sm">{person.email}</p>
          <p className="mt-2 text-pretty text-faint text-xs">{roleTexts[person.role]}</p>
          <NameForm name={person.name} onChanged={() => router.refresh()} />
        </section>
        <PasswordForm
          key={passwords}
          hasPassword={person.ways.includes("password")}
          onChanged={() => {
            setPasswords(passwords + 1);
            router.refresh();
          }}
        />
      </div>
      <BrowserSessions sessions={sessions} onEnded={() => router.refresh()} />
    </div>
  );
}
