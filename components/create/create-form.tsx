"use client";

import { Play } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { randomId } from "../random-id.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { Field, FieldSelect, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { Switch } from "../ui/switch.tsx";
import { CommandLines } from "./command-lines.tsx";
import {
  byField,
  type FieldErrors,
  type FieldName,
  type FormValues,
  initialValues,
  toRequest,
  validate,
} from "./form-values.ts";

const memoryUnits = [
  { value: "KiB", label: "KiB" },
  { value: "MiB", label: "MiB" },
  { value: "GiB", label: "GiB" },
] as const;

const networks = [
  { value: "loopback", label: "Its own, loopback only" },
  { value: "host", label: "The host's" },
] as const;

/** Asks for a container. `suggestedName` is one that is free. */
export function CreateForm({ suggestedName }: { suggestedName: string }) {
  const router = useRouter();
  const [values, setValues] = useState(() => initialValues(suggestedName));
  const [lastFit, setLastFit] = useState(values);
  const [touched, setTouched] = useState<ReadonlySet<FieldName>>(new Set());
  const [refused, setRefused] = useState<FieldErrors>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pending, setPending] = useState<"create" | "start" | null>(null);
  const faults = validate(values);
  const form = useRef<HTMLFormElement>(null);

  const set = (change: Partial<FormValues>) => {
    const next = { ...values, ...change };
    setValues(next);
    if (Object.keys(validate(next)).length === 0) setLastFit(next);
    setRefused({});
  };
  const text = (name: FieldName) => ({
    value: values[name],
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
    onBlur: () => setTouched(new Set([...touched, name])),
    autoComplete: "off",
    spellCheck: false,
  });
  const error = (name: FieldName) => refused[name] ?? (touched.has(name) ? faults[name] : undefined);

  const submit = async (andStart: boolean) => {
    setTouched(new Set(Object.keys(values) as FieldName[]));
    setProblem(null);
    if (Object.keys(faults).length > 0) return goToFault();
    setPending(andStart ? "start" : "create");
    try {
      const { name } = await api.call("createContainer", { body: toRequest(values), idempotencyKey: randomId() });
      // A start that fails is told by the container's own page, with its trace.
      if (andStart) await api.call("startContainer", { params: { name }, idempotencyKey: randomId() }).catch(() => {});
      router.push(`/containers/${name}`);
    } catch (failure) {
      setPending(null);
      const reason = problemFrom(failure);
      const fields = byField(reason.errors ?? []);
      setRefused(fields);
      if (Object.keys(fields).length > 0) goToFault();
      else setProblem(reason);
    }
  };
  const goToFault = () => {
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit(true);
  };

  return (
    <form
      ref={form}
      onSubmit={onSubmit}
      noValidate
      className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_26rem]"
    >
      <div className="flex min-w-0 flex-col gap-4">
        {problem && <ProblemNotice problem={problem} />}
        <Group title="What it is">
          <Field name="name" label="Name" error={error("name")} hint="Also its host name.">
            <Input {...text("name")} />
          </Field>
          <Field
            name="image"
            label="Image"
            error={error("image")}
            hint="“host” is this machine's own programs, read-only. Or the path of a directory or tar archive."
          >
            <Input {...text("image")} className="font-mono text-xs" />
          </Field>
          <Field
            name="command"
            label="Command"
            error={error("command")}
            className="sm:col-span-2"
            hint="Split into words as a shell would; with shell syntax in it, a shell runs it."
          >
            <Input {...text("command")} className="font-mono text-xs" />
          </Field>
          <Field name="workingDir" label="Working directory" error={error("workingDir")}>
            <Input {...text("workingDir")} className="font-mono text-xs" />
          </Field>
          <Field name="network" label="Network">
            <FieldSelect items={networks} value={values.network} onValueChange={(network) => set({ network })} />
          </Field>
          <div className="sm:col-span-2">
            <Switch
              label="Terminal"
              hint="Off: the program gets pipes, and errors are kept apart from output."
              checked={values.tty}
              onCheckedChange={(tty) => set({ tty })}
            />
          </div>
        </Group>
        <Group title="What it may use" columns={3}>
          <Field name="memory" label="Memory" error={error("memory")} hint="Swap included. Beyond it the kernel kills.">
            <div className="flex gap-2">
              <Input {...text("memory")} inputMode="decimal" className="tabular-nums" />
              <Select
                aria-label="Unit of memory"
                items={memoryUnits}
                value={values.memoryUnit}
                onValueChange={(memoryUnit) => set({ memoryUnit })}
                className="w-20 shrink-0"
              />
            </div>
          </Field>
          <Field name="cpus" label="CPU cores" error={error("cpus")} hint="0.5 is half of one core's time.">
            <Input {...text("cpus")} inputMode="decimal" className="tabular-nums" />
          </Field>
          <Field name="pids" label="Processes" error={error("pids")} hint="Threads count too.">
            <Input {...text("pids")} inputMode="numeric" className="tabular-nums" />
          </Field>
        </Group>
        <Group title="Environment">
          <Field
            name="env"
            label="Variables"
            error={error("env")}
            hint="NAME=value, one a line."
            className="sm:col-span-2"
          >
            <Input
              {...text("env")}
              render={<textarea rows={3} />}
              placeholder="STAGE=test"
              className="h-auto any-pointer-coarse:h-auto resize-y py-2 font-mono text-xs leading-5"
            />
          </Field>
        </Group>
      </div>
      <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-19">
        <CommandLines title="The same without this page" request={toRequest(lastFit)} />
        <div className="flex gap-2">
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
        </div>
      </div>
    </form>
  );
}

function Group({ title, columns = 2, children }: { title: string; columns?: 2 | 3; children: ReactNode }) {
  return (
    <fieldset className="min-w-0 rounded-xl border bg-surface p-4 shadow-card sm:p-5">
      <legend className="float-left mb-4 w-full font-semibold text-base tracking-tight">{title}</legend>
      <div className={cn("clear-both grid gap-4", columns === 3 ? "sm:grid-cols-3" : "sm:grid-cols-2")}>{children}</div>
    </fieldset>
  );
}
