"use client";

import { Play } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";
import { isRunning } from "../containers/describe.ts";
import { randomId } from "../random-id.ts";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Switch } from "../ui/switch.tsx";
import { CommandLines } from "./command-lines.tsx";
import { FormProblem } from "./form-problem.tsx";
import { FormSection } from "./form-section.tsx";
import { initialValues, toRequest, valuesOf } from "./form-values.ts";
import { PresetButtons } from "./preset-buttons.tsx";
import { purposePresets } from "./presets.ts";
import {
  CommandField,
  EndSection,
  EnvironmentSection,
  FilesSection,
  ImageField,
  LabelsSection,
  LimitsSection,
  ProcessSection,
} from "./settings-sections.tsx";
import { SubmitBar } from "./submit-bar.tsx";
import { useContainerForm } from "./use-container-form.ts";
import { useImages } from "./use-images.ts";

interface Props {
  /** A name that is free. */
  suggestedName: string;
  /** The container that this one is to be like. */
  source?: Container | undefined;
}

/** Asks for a container: a new one, or one like another. */
export function CreateForm({ suggestedName, source }: Props) {
  const router = useRouter();
  const images = useImages();
  const form = useContainerForm(() =>
    source ? valuesOf({ ...source, hostname: "" }, suggestedName) : initialValues(suggestedName),
  );
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pending, setPending] = useState<"create" | "start" | null>(null);
  const { values, set, text, error } = form;

  const submit = async (andStart: boolean) => {
    setProblem(null);
    if (!form.check()) return;
    setPending(andStart ? "start" : "create");
    try {
      const body = toRequest(values, source?.name);
      const { name } = await api.call("createContainer", { body, idempotencyKey: randomId() });
      // A start that fails is told by the container's own page, with its trace.
      if (andStart) await api.call("startContainer", { params: { name }, idempotencyKey: randomId() }).catch(() => {});
      router.push(`/containers/${name}`);
    } catch (failure) {
      setPending(null);
      setProblem(form.refuse(problemFrom(failure)));
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit(true);
  };
  return (
    <form
      ref={form.form}
      onSubmit={onSubmit}
      noValidate
      className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_26rem]"
    >
      <div className="flex min-w-0 flex-col gap-4">
        {problem && <FormProblem problem={problem} />}
        <FormSection title={source ? `Like ${source.name}` : "What it is"} columns={1}>
          {!source && <PresetButtons label="Purposes" presets={purposePresets} values={values} onChoose={set} />}
          <Field name="name" label="Name" error={error("name")} hint="Also its host name, unless it gets another.">
            <Input {...text("name")} />
          </Field>
          <ImageField form={form} images={images} />
          <CommandField form={form} />
          {source && (
            <Switch
              label="Copy its files"
              hint={copyHint(source)}
              error={error("copyFiles")}
              checked={values.copyFiles}
              onCheckedChange={(copyFiles) => set({ copyFiles })}
            />
          )}
        </FormSection>
        <LimitsSection form={form} />
        <EndSection form={form} />
        <ProcessSection form={form} isNew />
        <EnvironmentSection form={form} />
        <FilesSection form={form} images={images} />
        <LabelsSection form={form} />
      </div>
      <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-19">
        <CommandLines title="The same without this page" request={toRequest(form.lastFit, source?.name)} />
        <SubmitBar>
          <Button
            type="submit"
            variant="primary"
            size="lg"
            className="flex-1"
            pending={pending === "start"}
            disabled={pending !== null}
          >
            {pending !== "start" && <Play />}
            Create and start
          </Button>
          <Button
            size="lg"
            pending={pending === "create"}
            disabled={pending !== null}
            onClick={() => void submit(false)}
          >
            Create
          </Button>
        </SubmitBar>
      </div>
    </form>
  );
}

function copyHint(source: Container): string {
  const what = "What it has written to its filesystem; how far the copy is, the operations above tell.";
  return isRunning(source) && source.state !== "paused" ? `${what} It must be stopped or paused for that.` : what;
}
