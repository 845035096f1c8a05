"use client";

import { type FormEvent, useState } from "react";
import { shortestPassword } from "@/lib/contract/person.ts";
import { api, problemFrom } from "../api.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Field, Input } from "../ui/field.tsx";
import { toastDone, toastProblem } from "../ui/toaster.tsx";

/** Sets one's own password. Who came through a provider has none yet, and may have one as well. */
export function PasswordForm({ hasPassword, onChanged }: { hasPassword: boolean; onChanged: () => void }) {
  const [error, setError] = useState<string>();
  const [pending, setPending] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const current = hasPassword ? { current: String(data.get("current")) } : {};
    setPending(true);
    setError(undefined);
    try {
      await api.call("changePassword", { body: { ...current, password: String(data.get("password")) } });
      toastDone("Your password is set; every other browser is signed out");
      onChanged();
    } catch (failure) {
      const problem = problemFrom(failure);
      if (problem.errors?.some(({ path }) => path === "current")) setError("That is not your password.");
      else toastProblem(problem);
    } finally {
      setPending(false);
    }
  };
  return (
    <Card title={hasPassword ? "Change the password" : "Set a password"}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4 p-4">
        {hasPassword && (
          <Field name="current" label="Current password" error={error}>
            <Input type="password" autoComplete="current-password" required />
          </Field>
        )}
        <Field name="password" label="New password" hint={`At least ${shortestPassword} characters.`}>
          <Input type="password" autoComplete="new-password" required minLength={shortestPassword} />
        </Field>
        <div className="flex justify-end">
          <Button type="submit" pending={pending}>
            Set the password
          </Button>
        </div>
      </form>
    </Card>
  );
}
