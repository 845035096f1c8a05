"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import type { Container, UpdateContainerInput } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { problemFrom } from "../api.ts";
import { useContainer } from "../container/use-container.ts";
import { isRunning } from "../containers/describe.ts";
import { Button, buttonStyle } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { toastDone } from "../ui/toaster.tsx";
import { needsStop, type Setting, settingNames, settingsOf, toChange } from "./changes.ts";
import { ConflictDialog } from "./conflict-dialog.tsx";
import { FormProblem } from "./form-problem.tsx";
import { FormSection } from "./form-section.tsx";
import { valuesOf } from "./form-values.ts";
import { ChangedMeanwhile, saveNow, saveStopped, undoChange } from "./save-change.ts";
import {
  CommandField,
  EndSection,
  EnvironmentSection,
  FilesSection,
  LabelsSection,
  LimitsSection,
  ProcessSection,
} from "./settings-sections.tsx";
import { SubmitBar } from "./submit-bar.tsx";
import { useContainerForm } from "./use-container-form.ts";
import { useImages } from "./use-images.ts";

/** Changes a container: what it can while it runs at once, the rest with a stop between, if the person agrees. */
export function EditForm({ initial }: { initial: Container }) {
  const router = useRouter();
  const images = useImages();
  const { container: live, deleted } = useContainer(initial);
  const [base, setBase] = useState(initial);
  const form = useContainerForm(() => valuesOf(initial, initial.name));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pending, setPending] = useState(false);
  const [stopping, setStopping] = useState(false);
  const [conflict, setConflict] = useState<Container | null>(null);
  /** How often the form was filled anew: its parts begin anew then, with what they keep of their own. */
  const [filled, setFilled] = useState(0);
  const running = isRunning(live);
  const change = changeOf();
  const stopFor = running ? needsStop(change) : [];

  function changeOf(): UpdateContainerInput {
    try {
      return toChange(form.values, base);
    } catch {
      return {};
    }
  }

  const save = async (send: typeof saveStopped, from = base) => {
    // From then on the change is the container's own, also where it does not start by it.
    const onSaved = (after: Container) => {
      setBase(after);
      toastDone(`${after.name} changed`, undoChange(from, after, change));
    };
    setProblem(null);
    setPending(true);
    try {
      const after = await send(from, change, onSaved);
      router.push(`/containers/${after.name}?tab=configuration`);
      router.refresh();
    } catch (failure) {
      setPending(false);
      if (failure instanceof ChangedMeanwhile) setConflict(failure.container);
      else setProblem(form.refuse(problemFrom(failure)));
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!form.check() || Object.keys(change).length === 0) return;
    if (stopFor.length > 0) setStopping(true);
    else void save(saveNow);
  };
  const showTheirs = (theirs: Container) => {
    setBase(theirs);
    form.set(valuesOf(theirs, theirs.name));
    setFilled((before) => before + 1);
    setConflict(null);
  };
  const changed = Object.keys(change) as Setting[];
  return (
    <form
      ref={form.form}
      onSubmit={onSubmit}
      noValidate
      className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]"
    >
      <div key={filled} className="flex min-w-0 flex-col gap-4">
        {problem && <FormProblem problem={problem} />}
        <FormSection title="What it is" columns={1}>
          <Field name="name" label="Name" error={form.error("name")} hint="Links with the old name stop working.">
            <Input {...form.text("name")} />
          </Field>
        </FormSection>
        <LimitsSection form={form} />
        <EndSection form={form} />
        <LabelsSection form={form} />
        <ProcessSection form={form} running={running}>
          <CommandField form={form} />
        </ProcessSection>
        <EnvironmentSection form={form} running={running} />
        <FilesSection form={form} images={images} running={running} />
      </div>
      <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-19">
        <Card title="Changes">
          {changed.length === 0 ? (
            <p className="px-4 py-6 text-center text-soft text-sm">Nothing is changed yet.</p>
          ) : (
            <ul className="px-4 py-2">
              {changed.map((setting) => (
                <li key={setting} className="flex items-center justify-between gap-3 py-1 text-sm">
                  {settingNames[setting]}
                  <span className="text-faint text-xs">
                    {stopFor.includes(setting) ? "needs a stop" : running ? "at once" : "with the next start"}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Card>
        <SubmitBar>
          <Button
            type="submit"
            variant="primary"
            size="lg"
            className="flex-1"
            pending={pending}
            disabled={changed.length === 0 || deleted}
          >
            {stopFor.length > 0 ? "Stop, change, start…" : "Save"}
          </Button>
          <Link href={`/containers/${live.name}`} className={buttonStyle({ size: "lg" })}>
            Cancel
          </Link>
        </SubmitBar>
        {deleted && (
          <p role="alert" className="text-bad text-sm">
            {initial.name} was deleted meanwhile. <Link href={`/new`}>Create a container</Link>
          </p>
        )}
      </div>
      <ConfirmDialog
        open={stopping}
        onOpenChange={setStopping}
        title={`Stop ${live.name}, change it, and start it again?`}
        action="Stop, change, start"
        pending={pending}
        onConfirm={() => {
          setStopping(false);
          void save(saveStopped);
        }}
      >
        It runs, and {stopFor.map((setting) => settingNames[setting].toLowerCase()).join(", ")} can only change while it
        does not. Its processes end; its files stay.
      </ConfirmDialog>
      {conflict && (
        <ConflictDialog
          base={base}
          theirs={conflict}
          mine={settingsOf(form.values, base)}
          onKeepMine={() => {
            const theirs = conflict;
            setConflict(null);
            setBase(theirs);
            void save(isRunning(theirs) && needsStop(change).length > 0 ? saveStopped : saveNow, theirs);
          }}
          onTakeTheirs={() => showTheirs(conflict)}
          onClose={() => setConflict(null)}
        />
      )}
    </form>
  );
}
