"use client";

import { type FormEvent, useId, useState } from "react";
import { type Container, ContainerName } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";
import { randomId } from "../random-id.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { toastDone } from "../ui/toaster.tsx";

interface Props {
  container: Container;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Asks for another name; it changes at once, whether the container runs or not. */
export function RenameDialog({ container, open, onOpenChange }: Props) {
  const form = useId();
  const [pending, setPending] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Rename ${container.name}`}
      description="It goes on running. Its host name stays as it was."
      footer={
        <>
          <Button variant="ghost" onClick={() => onOpenChange(false)}>
            Cancel
          </Button>
          <Button type="submit" form={form} variant="primary" pending={pending}>
            Rename
          </Button>
        </>
      }
    >
      <RenameForm id={form} container={container} onPending={setPending} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

interface FormProps {
  id: string;
  container: Container;
  onPending: (pending: boolean) => void;
  onDone: () => void;
}

function RenameForm({ id, container, onPending, onDone }: FormProps) {
  const [name, setName] = useState(container.name);
  const [problem, setProblem] = useState<Problem | null>(null);
  const wrong = ContainerName.safeParse(name).error?.issues[0]?.message;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (wrong) return;
    if (name === container.name) return onDone();
    onPending(true);
    try {
      await rename(container.id, name);
      toastDone(`${container.name} is now ${name}`, () => rename(container.id, container.name));
      onDone();
    } catch (error) {
      setProblem(problemFrom(error));
    } finally {
      onPending(false);
    }
  };
  return (
    <form id={id} onSubmit={(event) => void submit(event)}>
      <Field
        name="name"
        label="Name"
        error={(name === "" ? undefined : wrong) ?? (problem ? [problem.detail, problem.remedy].join(" ") : undefined)}
      >
        <Input
          value={name}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setName(event.target.value);
            setProblem(null);
          }}
          onFocus={(event) => event.currentTarget.select()}
        />
      </Field>
    </form>
  );
}

function rename(id: string, name: string): Promise<unknown> {
  return api.call("updateContainer", { params: { name: id }, body: { name }, idempotencyKey: randomId() });
}
