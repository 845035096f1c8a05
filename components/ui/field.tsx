"use client";

import { Field as Base } from "@base-ui/react/field";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./class-names.ts";
import { controlStyle } from "./control-style.ts";
import { Select } from "./select.tsx";

interface FieldProps {
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  children: ReactNode;
}

/** A control with its name above, and below it what it is for or what is wrong with it. */
export function Field({ name, label, hint, error, className, children }: FieldProps) {
  return (
    <Base.Root name={name} invalid={error !== undefined} className={cn("flex min-w-0 flex-col gap-1.5", className)}>
      <Base.Label className="font-medium text-sm">{label}</Base.Label>
      {children}
      {error !== undefined ? (
        <Base.Error match className="text-bad text-xs">
          {error}
        </Base.Error>
      ) : (
        hint && <Base.Description className="text-faint text-xs">{hint}</Base.Description>
      )}
    </Base.Root>
  );
}

type InputProps = Omit<ComponentProps<typeof Base.Control>, "className"> & { className?: string };

/** The text control of a {@link Field}. */
export function Input({ className, ...props }: InputProps) {
  return <Base.Control className={cn(controlStyle, className)} {...props} />;
}

/** The choice of a {@link Field}. */
export function FieldSelect<T extends string>(props: ComponentProps<typeof Select<T>>) {
  return <Base.Control render={<Select {...props} />} />;
}
