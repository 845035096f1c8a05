"use client";

import { type FormEvent, useState } from "react";
import { parseCommand } from "@/lib/contract/command.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";

export interface ExecRequest {
  command: string[];
  user?: string;
  workingDir?: string;
}

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  pending: boolean;
  /** Why the last try was refused. */
  refusal: string | null;
  onRun: (request: ExecRequest) => void;
  finalFocus: () => boolean;
}

/** Asks for a command to run in the container, as whom, and where. */
export function CommandDialog({ open, onOpenChange, pending, refusal, onRun, finalFocus }: Props) {
  const [command, setCommand] = useState("");
  const [user, setUser] = useState("");
  const [workingDir, setWorkingDir] = useState("");
  const [asked, setAsked] = useState(false);
  const parsed = parseCommand(command);
  const wrongFolder = workingDir !== "" && !workingDir.startsWith("/");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setAsked(true);
    if (typeof parsed === "string" || wrongFolder) return;
    onRun({ command: parsed, ...(user && { user }), ...(workingDir && { workingDir }) });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      finalFocus={finalFocus}
      title="Run a command"
      description="It runs in the container, with a terminal of its own."
    >
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <Field
          name="command"
          label="Command"
          hint="As in a shell; pipes and variables are given to /bin/sh."
          error={asked && typeof parsed === "string" ? `The command ${parsed}.` : (refusal ?? undefined)}
        >
          <Input
            className="font-mono"
            placeholder="top"
            spellCheck={false}
            autoComplete="off"
            autoFocus
            value={command}
            onChange={(event) => setCommand(event.currentTarget.value)}
          />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field name="user" label="User" hint="name, uid or user:group">
            <Input
              placeholder="the container's"
              spellCheck={false}
              value={user}
              onChange={(event) => setUser(event.currentTarget.value)}
            />
          </Field>
          <Field
            name="workingDir"
            label="Folder"
            hint="the container's when empty"
            error={asked && wrongFolder ? "Must begin with /." : undefined}
          >
            <Input
              className="font-mono"
              placeholder="/"
              spellCheck={false}
              value={workingDir}
              onChange={(event) => setWorkingDir(event.currentTarget.value)}
            />
          </Field>
        </div>
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={() => onOpenChange(false)}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" pending={pending}>
            Run
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
