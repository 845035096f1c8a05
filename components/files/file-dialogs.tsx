"use client";

import { type FormEvent, useEffect, useId, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { FileEntry } from "@/lib/contract/file.ts";
import { api, problemFrom } from "../api.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { toastDone, toastProblem } from "../ui/toaster.tsx";
import { describeType, visibleName } from "./file-name.tsx";
import { joinPath, parentOf, wrongName } from "./paths.ts";

/** What was asked for, and needs a name or a yes. */
export type FileAction =
  | { kind: "make-directory"; directory: string }
  | { kind: "rename"; entry: FileEntry }
  | { kind: "delete"; entry: FileEntry };

interface Props {
  container: Container;
  action: FileAction | null;
  onEnd: () => void;
  /** After a change; with the path that the entry has now, null when it is gone. */
  onChanged: (path: string | null) => void;
}

/** Asks for the name of a new or renamed entry, and whether one is to be deleted. */
export function FileDialogs({ container, action, onEnd, onChanged }: Props) {
  const [shown, setShown] = useState(action);
  const [pending, setPending] = useState(false);
  // What is asked stays in sight while the dialog fades out.
  useEffect(() => {
    if (action) setShown(action);
  }, [action]);

  const carryOut = async (work: () => Promise<string | null>) => {
    setPending(true);
    try {
      onChanged(await work());
      onEnd();
    } catch (error) {
      toastProblem(problemFrom(error));
    } finally {
      setPending(false);
    }
  };
  const onOpenChange = (open: boolean) => !open && onEnd();
  if (!shown) return null;
  if (shown.kind === "delete") {
    const { entry } = shown;
    return (
      <ConfirmDialog
        open={action !== null}
        onOpenChange={onOpenChange}
        title={`Delete ${visibleName(entry.name)}?`}
        action="Delete"
        pending={pending}
        onConfirm={() => void carryOut(() => remove(container.id, entry))}
      >
        {entry.type === "directory"
          ? "The directory and everything in it is removed from the container. This cannot be undone."
          : `The ${describeType(entry)} is removed from the container. This cannot be undone.`}
      </ConfirmDialog>
    );
  }
  return (
    <NameDialog
      key={shown.kind === "rename" ? shown.entry.path : "new"}
      open={action !== null}
      onOpenChange={onOpenChange}
      action={shown}
      pending={pending}
      onName={(name) =>
        void carryOut(() =>
          shown.kind === "rename"
            ? rename(container.id, shown.entry, name)
            : makeDirectory(container.id, shown.directory, name),
        )
      }
    />
  );
}

interface NameProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  action: Exclude<FileAction, { kind: "delete" }>;
  pending: boolean;
  onName: (name: string) => void;
}

function NameDialog({ open, onOpenChange, action, pending, onName }: NameProps) {
  const form = useId();
  const renaming = action.kind === "rename";
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={renaming ? `Rename ${visibleName(action.entry.name)}` : "New folder"}
      footer={
        <>
          <Button variant="ghost" onClick={() => onOpenChange(false)}>
            Cancel
          </Button>
          <Button type="submit" form={form} variant="primary" pending={pending}>
            {renaming ? "Rename" : "Make folder"}
          </Button>
        </>
      }
    >
      <NameForm id={form} initial={renaming ? action.entry.name : ""} onName={onName} />
    </Dialog>
  );
}

function NameForm({ id, initial, onName }: { id: string; initial: string; onName: (name: string) => void }) {
  const [name, setName] = useState(initial);
  const [tried, setTried] = useState(false);
  const wrong = wrongName(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!wrong && name !== initial) onName(name);
  };
  return (
    <form id={id} onSubmit={submit}>
      <Field name="name" label="Name" error={(tried || name.includes("/")) && wrong ? wrong : undefined}>
        <Input
          value={name}
          autoComplete="off"
          spellCheck={false}
          className="font-mono text-xs"
          onChange={(event) => setName(event.target.value)}
          onFocus={(event) => selectStem(event.currentTarget)}
        />
      </Field>
    </form>
  );
}

/** Selects a name without its ending: what one mostly wants to change. */
function selectStem(input: HTMLInputElement): void {
  const dot = input.value.lastIndexOf(".");
  input.setSelectionRange(0, dot > 0 ? dot : input.value.length);
}

async function makeDirectory(id: string, directory: string, name: string): Promise<string> {
  const path = joinPath(directory, name);
  await api.call("changeFile", { params: { name: id }, body: { action: "make-directory", path } });
  toastDone(`${visibleName(name)} made`);
  return path;
}

async function rename(id: string, { path, name: before }: FileEntry, name: string): Promise<string> {
  const to = joinPath(parentOf(path), name);
  await api.call("changeFile", { params: { name: id }, body: { action: "move", path, to } });
  toastDone(`${visibleName(before)} is now ${visibleName(name)}`);
  return to;
}

async function remove(id: string, { path, name, type }: FileEntry): Promise<null> {
  await api.call("deleteFile", { params: { name: id }, query: { path, recursive: type === "directory" } });
  toastDone(`${visibleName(name)} deleted`);
  return null;
}
