"use client";

import { type RefObject, useRef, useState } from "react";
import type { Problem } from "@/lib/contract/problem.ts";
import { byField, type FieldErrors, type FieldName, type FormValues, validate } from "./form-values.ts";

type TextField = {
  [K in keyof FormValues]: FormValues[K] extends string ? K : never;
}[keyof FormValues];

/** The state of a form about a container, and what its parts need of it. */
export interface ContainerForm {
  values: FormValues;
  /** The last values that fit. */
  lastFit: FormValues;
  set: (change: Partial<FormValues>) => void;
  /** The properties of a text control. */
  text: (name: TextField & FieldName) => {
    value: string;
    onChange: (event: { target: { value: string } }) => void;
    onBlur: () => void;
    autoComplete: string;
    spellCheck: false;
  };
  touch: (name: FieldName) => void;
  error: (name: FieldName) => string | undefined;
  /** Says all that is wrong, and goes there; true when nothing is. */
  check: () => boolean;
  /** Puts the server's words to their fields; the problem when they are about none. */
  refuse: (problem: Problem) => Problem | null;
  form: RefObject<HTMLFormElement | null>;
}

export function useContainerForm(initial: () => FormValues): ContainerForm {
  const [values, setValues] = useState(initial);
  const [lastFit, setLastFit] = useState(values);
  const [touched, setTouched] = useState<ReadonlySet<FieldName | "all">>(new Set());
  const [refused, setRefused] = useState<FieldErrors>({});
  const form = useRef<HTMLFormElement>(null);
  const faults = validate(values);

  const set = (change: Partial<FormValues>) => {
    const next = { ...values, ...change };
    setValues(next);
    if (Object.keys(validate(next)).length === 0) setLastFit(next);
    setRefused({});
  };
  const touch = (name: FieldName) => setTouched((before) => new Set([...before, name]));
  const goToFault = () => {
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  return {
    values,
    lastFit,
    set,
    touch,
    form,
    text: (name) => ({
      value: values[name],
      onChange: (event) => set({ [name]: event.target.value }),
      onBlur: () => touch(name),
      autoComplete: "off",
      spellCheck: false,
    }),
    error: (name) => refused[name] ?? (touched.has(name) || touched.has("all") ? faults[name] : undefined),
    check() {
      setTouched(new Set(["all"]));
      const fits = Object.keys(faults).length === 0;
      if (!fits) goToFault();
      return fits;
    },
    refuse(problem) {
      const fields = byField(problem.errors ?? []);
      setRefused(fields);
      if (Object.keys(fields).length === 0) return problem;
      goToFault();
      return null;
    },
  };
}
