import type { FormValues } from "./form-values.ts";

interface Preset {
  id: string;
  label: string;
  detail: string;
  values: Partial<FormValues>;
}

/** Amounts for common sizes of work. */
export const limitPresets: readonly Preset[] = [
  { id: "tiny", label: "Tiny", detail: "64 MiB · 0.1 CPU", values: limits("64", "MiB", "0.1", "64") },
  { id: "default", label: "Default", detail: "512 MiB · 0.5 CPU", values: limits("512", "MiB", "0.5", "512") },
  { id: "large", label: "Large", detail: "2 GiB · 1 CPU", values: limits("2", "GiB", "1", "2048") },
  { id: "build", label: "Build", detail: "4 GiB · 2 CPU", values: limits("4", "GiB", "2", "8192") },
];

function limits(memory: string, memoryUnit: FormValues["memoryUnit"], cpus: string, pids: string) {
  return { memory, memoryUnit, cpus, pids };
}

/** What a container is for; each sets how it is run and leaves alone what it is. */
export const purposePresets: readonly Preset[] = [
  {
    id: "shell",
    label: "Shell",
    detail: "A terminal to work in",
    values: { command: "/bin/bash -l", tty: true, restart: "no", retries: "", autoRemove: false },
  },
  {
    id: "service",
    label: "Service",
    detail: "Runs on, starts again by itself",
    values: { tty: false, restart: "always", retries: "", autoRemove: false },
  },
  {
    id: "job",
    label: "Job",
    detail: "Runs once, tries again on failure",
    values: { tty: false, restart: "on-failure", retries: "3", autoRemove: false },
  },
  {
    id: "throwaway",
    label: "Throwaway",
    detail: "Deleted at its end",
    values: { tty: true, restart: "no", retries: "", autoRemove: true },
  },
];

/** The preset that the form's values are those of; null when they are nobody's. */
export function presetOf(presets: readonly Preset[], values: FormValues): string | null {
  const same = ({ values: wanted }: Preset) =>
    Object.entries(wanted).every(([field, value]) => values[field as keyof FormValues] === value);
  return presets.find(same)?.id ?? null;
}
