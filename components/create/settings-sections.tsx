"use client";

import type { ReactNode } from "react";
import type { ImageList } from "@/lib/contract/image.ts";
import { formatBytes } from "../format.ts";
import { Field, FieldSelect, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { Switch } from "../ui/switch.tsx";
import { BindRows } from "./bind-rows.tsx";
import { FormSection } from "./form-section.tsx";
import { PairRows } from "./pair-rows.tsx";
import { PresetButtons } from "./preset-buttons.tsx";
import { limitPresets } from "./presets.ts";
import type { ContainerForm } from "./use-container-form.ts";

const memoryUnits = [
  { value: "KiB", label: "KiB" },
  { value: "MiB", label: "MiB" },
  { value: "GiB", label: "GiB" },
] as const;

const networks = [
  { value: "loopback", label: "Its own, loopback only" },
  { value: "host", label: "The host's" },
] as const;

const userNamespaces = [
  { value: "auto", label: "Its own, where the kernel can" },
  { value: "own", label: "Its own, or none is made" },
  { value: "host", label: "The host's" },
] as const;

const policies = [
  { value: "no", label: "Never" },
  { value: "on-failure", label: "When it fails" },
  { value: "always", label: "Always" },
] as const;

interface Props {
  form: ContainerForm;
  /** Of a container that runs: what it must stop for is marked. */
  running?: boolean;
}

const mono = "font-mono text-xs";

export function ImageField({ form: { text, error }, images }: { form: ContainerForm; images: ImageList | null }) {
  return (
    <Field
      name="image"
      label="Image"
      error={error("image")}
      hint="“host” is this machine's own programs, read-only. Or the path of a directory or tar archive."
    >
      <Input {...text("image")} list="known-images" className={mono} />
      <datalist id="known-images">
        {images?.items.map(({ name, kind, sizeBytes }) => (
          <option key={name} value={name}>
            {sizeBytes === null ? kind : `${kind}, ${formatBytes(sizeBytes)}`}
          </option>
        ))}
      </datalist>
    </Field>
  );
}

export function CommandField({ form: { text, error } }: { form: ContainerForm }) {
  return (
    <Field
      name="command"
      label="Command"
      error={error("command")}
      className="sm:col-span-2"
      hint="Split into words as a shell would; with shell syntax in it, a shell runs it."
    >
      <Input {...text("command")} className={mono} />
    </Field>
  );
}

export function LimitsSection({ form: { values, set, text, error } }: Props) {
  return (
    <FormSection title="What it may use" columns={1}>
      <PresetButtons label="Sizes" presets={limitPresets} values={values} onChoose={set} />
      <div className="grid gap-4 sm:grid-cols-3">
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
      </div>
    </FormSection>
  );
}

export function EndSection({ form: { values, set, text, error, touch } }: Props) {
  return (
    <FormSection title="When it ends">
      <Field name="restart" label="Start again" hint="After a pause that doubles each time, up to a minute.">
        <FieldSelect items={policies} value={values.restart} onValueChange={(restart) => set({ restart })} />
      </Field>
      {values.restart === "on-failure" && (
        <Field name="retries" label="At most" error={error("retries")} hint="Times in a row; empty for no end.">
          <Input {...text("retries")} inputMode="numeric" placeholder="no end" className="tabular-nums" />
        </Field>
      )}
      <div className="sm:col-span-2">
        <Switch
          label="Delete at its end"
          hint="Its files and its log go with it."
          error={error("autoRemove")}
          checked={values.autoRemove}
          onCheckedChange={(autoRemove) => {
            set({ autoRemove });
            touch("autoRemove");
          }}
        />
      </div>
    </FormSection>
  );
}

export function LabelsSection({ form: { values, set, error, touch } }: Props) {
  return (
    <FormSection title="Labels" columns={1}>
      <PairRows
        noun="label"
        rows={values.labels}
        onChange={(labels) => set({ labels })}
        onBlur={() => touch("labels")}
        error={error("labels")}
        hint="To find and group containers by, in the list and with minirun ps."
      />
    </FormSection>
  );
}

/** As whom, where and how its command runs; `children` stand in front. Some is settled once it is made. */
export function ProcessSection({
  form,
  running = false,
  isNew = false,
  children,
}: Props & { isNew?: boolean; children?: ReactNode }) {
  const { values, set, text, error } = form;
  return (
    <FormSection title="How it runs" needsStop={running}>
      {children}
      <Field name="workingDir" label="Working directory" error={error("workingDir")}>
        <Input {...text("workingDir")} className={mono} />
      </Field>
      <Field name="user" label="User" error={error("user")} hint="USER or USER:GROUP, names in the image or numbers.">
        <Input {...text("user")} className={mono} />
      </Field>
      <Field name="network" label="Network">
        <FieldSelect items={networks} value={values.network} onValueChange={(network) => set({ network })} />
      </Field>
      {isNew && (
        <Field
          name="userNamespace"
          label="User namespace"
          hint="Its own: root in it is nobody on this machine. Settled for good."
        >
          <FieldSelect
            items={userNamespaces}
            value={values.userNamespace}
            onValueChange={(userNamespace) => set({ userNamespace })}
          />
        </Field>
      )}
      <Field name="hostname" label="Host name" error={error("hostname")}>
        <Input {...text("hostname")} placeholder={values.name || "its name"} className={mono} />
      </Field>
      <div className="sm:col-span-2">
        <Switch
          label="Terminal"
          hint="Off: the program gets pipes, and errors are kept apart from output."
          checked={values.tty}
          onCheckedChange={(tty) => set({ tty })}
        />
      </div>
    </FormSection>
  );
}

export function EnvironmentSection({ form: { values, set, error, touch }, running = false }: Props) {
  return (
    <FormSection title="Environment" columns={1} needsStop={running}>
      <PairRows
        noun="variable"
        rows={values.env}
        onChange={(env) => set({ env })}
        onBlur={() => touch("env")}
        error={error("env")}
        hint="A whole .env file can be pasted into a row."
      />
    </FormSection>
  );
}

export function FilesSection({ form, images, running = false }: Props & { images: ImageList | null }) {
  const { values, set, error, touch } = form;
  return (
    <FormSection title="Files" columns={1} needsStop={running}>
      <Switch
        label="Read-only root"
        hint="Nothing in its filesystem can be written to but what is mounted for that."
        checked={values.readOnly}
        onCheckedChange={(readOnly) => set({ readOnly })}
      />
      <BindRows
        rows={values.binds}
        onChange={(binds) => set({ binds })}
        onBlur={() => touch("binds")}
        allowed={images?.binds ?? null}
        error={error("binds")}
      />
    </FormSection>
  );
}
