"use client";

import { type FormEvent, useState } from "react";
import { api, problemFrom } from "../api.ts";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { toastDone, toastProblem } from "../ui/toaster.tsx";

/** Changes one's own name. */
export function NameForm({ name, onChanged }: { name: string; onChanged: () => void }) {
  const [value, setValue] = useState(name);
  const [pending, setPending] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setPending(true);
    try {
      await api.call("updateAccount", { body: { name: value } });
      toastDone("Your name is changed");
      onChanged();
    } catch (error) {
      toastProblem(problemFrom(error));
    } finally {
      setPending(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="mt-4 flex items-end gap-2 border-t pt-4">
      <Field name="name" label="Name" className="flex-1">
        <Input
          autoComplete="name"
          required
          maxLength={100}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
      </Field>
      <Button type="submit" pending={pending} disabled={value.trim() === "" || value.trim() === name}>
        Save
      </Button>
    </form>
  );
}
