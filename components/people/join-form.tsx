"use client";

import { type FormEvent, useCallback, useEffect, useState } from "react";
import { type InvitedPerson, shortestPassword } from "@/lib/contract/person.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";
import { useRetry } from "../live/use-retry.ts";
import { roleTexts } from "../settings/role-texts.ts";
import { Door, Refusal } from "../shell/door.tsx";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Spinner } from "../ui/spinner.tsx";

/**
 * Welcomes whom a one-time link was made for, and takes name and password. The code leaves the address bar at once, and
 * looking at the page does not use it up.
 */
export function JoinForm({ code }: { code: string }) {
  const [invited, setInvited] = useState<InvitedPerson | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pending, setPending] = useState(false);

  const lookUp = useCallback(() => {
    api.call("readInvitation", { body: { code: code || "none" } }).then(
      (person) => {
        setInvited(person);
        setProblem(null);
      },
      (error: unknown) => setProblem(problemFrom(error)),
    );
  }, [code]);
  useEffect(() => {
    window.history.replaceState(null, "", "/join");
    lookUp();
  }, [lookUp]);
  useRetry(invited ? null : problem, lookUp);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setPending(true);
    setProblem(null);
    try {
      const body = { code, name: String(data.get("name")), password: String(data.get("password")) };
      await api.call("acceptInvitation", { body });
      window.location.replace("/");
    } catch (error) {
      setProblem(problemFrom(error));
      setPending(false);
    }
  };
  return (
    <Door
      title={invited && !invited.isNew ? `Welcome back, ${invited.name}` : "Welcome to MiniRun"}
      lead={lead(invited)}
    >
      {!invited && !problem && (
        <p role="status" className="flex h-24 items-center justify-center gap-2.5 text-soft">
          <Spinner />
          Looking the link up
        </p>
      )}
      {problem && <Refusal problem={problem} />}
      {invited && (
        <form onSubmit={(event) => void submit(event)} className="mt-4 flex flex-col gap-4 first:mt-0">
          <Field name="email" label="E-mail address">
            <Input type="email" autoComplete="username" readOnly value={invited.email} className="h-10 text-soft" />
          </Field>
          <Field name="name" label="Your name">
            <Input autoComplete="name" required maxLength={100} defaultValue={invited.name} className="h-10" />
          </Field>
          <Field
            name="password"
            label="Password"
            hint={`At least ${shortestPassword} characters. A few words in a row are easy to remember.`}
          >
            <Input
              type="password"
              autoComplete="new-password"
              required
              minLength={shortestPassword}
              autoFocus
              className="h-10"
            />
          </Field>
          <Button type="submit" variant="primary" size="lg" pending={pending}>
            {invited.isNew ? "Join" : "Set the password and sign in"}
          </Button>
        </form>
      )}
    </Door>
  );
}

function lead(invited: InvitedPerson | null): string {
  if (!invited) return "A container engine that you can see through";
  if (!invited.isNew) return "Choose a new password";
  return `You are invited as ${invited.role}. ${roleTexts[invited.role]}`;
}
