"use client";

import { type FormEvent, useState } from "react";
import type { Invitation } from "@/lib/contract/person.ts";
import type { Role } from "@/lib/contract/principal.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { roles } from "@/lib/contract/role.ts";
import { api, problemFrom } from "../api.ts";
import { roleTexts } from "../settings/role-texts.ts";
import { Refusal } from "../shell/door.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, FieldSelect, Input } from "../ui/field.tsx";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onInvited: (invitation: Invitation) => void;
}

/** Asks whom to invite, and as what. */
export function InviteDialog({ open, onOpenChange, onInvited }: Props) {
  const [role, setRole] = useState<Role>("viewer");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pending, setPending] = useState(false);
  const close = (next: boolean) => {
    setProblem(null);
    if (!next) setRole("viewer");
    onOpenChange(next);
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const name = String(data.get("name")).trim();
    setPending(true);
    setProblem(null);
    try {
      const body = { email: String(data.get("email")), role, ...(name !== "" && { name }) };
      const invitation = await api.call("invitePerson", { body });
      setRole("viewer");
      onInvited(invitation);
    } catch (error) {
      setProblem(problemFrom(error));
    } finally {
      setPending(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title="Invite somebody"
      description="You get a link to hand on, by which they set their name and password."
    >
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {problem && <Refusal problem={problem} />}
        <Field
          name="email"
          label="E-mail address"
          hint="What they sign in with. MiniRun sends no mail; a provider that has verified the same address lets them in, too."
        >
          <Input type="email" required autoComplete="off" maxLength={254} />
        </Field>
        <Field name="name" label="Name" hint="They can change it.">
          <Input autoComplete="off" maxLength={100} />
        </Field>
        <Field name="role" label="Role" hint={roleTexts[role]}>
          <FieldSelect items={roles.map((value) => ({ value, label: value }))} value={role} onValueChange={setRole} />
        </Field>
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={() => close(false)}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" pending={pending}>
            Make the link
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
