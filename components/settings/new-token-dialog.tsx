"use client";

import { type FormEvent, useState } from "react";
import type { Role } from "@/lib/contract/principal.ts";
import { reaches, roles } from "@/lib/contract/role.ts";
import type { NewToken } from "@/lib/contract/token.ts";
import { api, problemFrom } from "../api.ts";
import { Button } from "../ui/button.tsx";
import { controlStyle } from "../ui/control-style.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, FieldSelect, Input } from "../ui/field.tsx";
import { toastProblem } from "../ui/toaster.tsx";
import { roleTexts } from "./role-texts.ts";

const day = 24 * 60 * 60 * 1000;
const spans = [
  { value: "1", label: "1 day" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "never", label: "never" },
] as const;

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The maker's own: a token has at most that. */
  role: Role;
  onMade: () => void;
}

/** Makes a token, and shows it this once. */
export function NewTokenDialog({ open, onOpenChange, role: own, onMade }: Props) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [span, setSpan] = useState<(typeof spans)[number]["value"]>("90");
  const [made, setMade] = useState<NewToken | null>(null);
  const [pending, setPending] = useState(false);

  const close = (next: boolean) => {
    onOpenChange(next);
    if (next) return;
    setMade(null);
    setName("");
    setRole("viewer");
    setSpan("90");
  };
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setPending(true);
    const expiresAt = span === "never" ? null : new Date(Date.now() + Number(span) * day).toISOString();
    try {
      setMade(await api.call("createToken", { body: { name, role, expiresAt } }));
      onMade();
    } catch (error) {
      toastProblem(problemFrom(error));
    } finally {
      setPending(false);
    }
  };
  if (made) {
    return (
      <Dialog
        open={open}
        onOpenChange={close}
        stays
        title={`${made.name} is made`}
        description="Copy the token now: it is shown to nobody again."
        footer={<Button onClick={() => close(false)}>Done</Button>}
      >
        <div className="flex items-center gap-1">
          <input
            readOnly
            aria-label="The token"
            value={made.token}
            onFocus={(event) => event.currentTarget.select()}
            className={`${controlStyle} font-mono text-xs`}
          />
          <CopyButton text={made.token} label="Copy the token" />
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog open={open} onOpenChange={(next) => !pending && close(next)} title="New API token">
      <form onSubmit={(event) => void onSubmit(event)} className="flex flex-col gap-4">
        <Field name="name" label="Name" hint="What it is for: it stands beside everything that the token does.">
          <Input
            required
            maxLength={64}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field name="role" label="Role" hint={roleTexts[role]}>
          <FieldSelect
            items={roles.filter((one) => reaches(own, one)).map((value) => ({ value, label: value }))}
            value={role}
            onValueChange={setRole}
          />
        </Field>
        <Field name="span" label="Ends after">
          <FieldSelect items={spans} value={span} onValueChange={setSpan} />
        </Field>
        <div className="flex justify-end gap-2">
          <Button variant="ghost" disabled={pending} onClick={() => close(false)}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" pending={pending} disabled={name.trim() === ""}>
            Make the token
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
