"use client";

import { Plus, X } from "lucide-react";
import { useId } from "react";
import type { ImageList } from "@/lib/contract/image.ts";
import { Button } from "../ui/button.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { cn } from "../ui/class-names.ts";
import { controlStyle } from "../ui/control-style.ts";
import { type BindRow, bindRow } from "./form-values.ts";

interface Props {
  rows: readonly BindRow[];
  onChange: (rows: readonly BindRow[]) => void;
  onBlur: () => void;
  /** What root's configuration allows; null while that is not known. */
  allowed: ImageList["binds"] | null;
  error: string | undefined;
}

const fieldStyle = cn(controlStyle, "font-mono text-xs");

/** Paths of the host that the container gets to see, each beneath one that root's configuration allows. */
export function BindRows({ rows, onChange, onBlur, allowed, error }: Props) {
  const listId = useId();
  const set = (key: string, change: Partial<BindRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...change } : row)));
  const none = allowed !== null && allowed.length === 0;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <p className="font-medium text-sm">Host paths</p>
      <datalist id={listId}>
        {allowed?.map(({ path }) => (
          <option key={path} value={path} />
        ))}
      </datalist>
      {rows.map((row, index) => (
        <div key={row.key} className="flex min-w-0 flex-wrap items-center gap-2">
          <input
            aria-label={`Path on the host, bind ${index + 1}`}
            aria-invalid={(error !== undefined && index === 0) || undefined}
            list={listId}
            value={row.source}
            placeholder="/srv/data"
            onChange={(event) => set(row.key, { source: event.target.value })}
            onBlur={onBlur}
            autoComplete="off"
            spellCheck={false}
            className={cn(fieldStyle, "w-auto flex-1 basis-36")}
          />
          <input
            aria-label={`Path in the container, bind ${index + 1}`}
            value={row.target}
            placeholder="/data"
            onChange={(event) => set(row.key, { target: event.target.value })}
            onBlur={onBlur}
            autoComplete="off"
            spellCheck={false}
            className={cn(fieldStyle, "w-auto flex-1 basis-32")}
          />
          <label
            htmlFor={`${listId}-${row.key}`}
            className="flex h-8 items-center gap-2 text-soft text-xs any-pointer-coarse:h-10"
          >
            <Checkbox
              id={`${listId}-${row.key}`}
              checked={row.readOnly}
              onCheckedChange={(readOnly) => set(row.key, { readOnly })}
            />
            Read-only
          </label>
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Remove bind ${index + 1}`}
            onClick={() => onChange(rows.filter(({ key }) => key !== row.key))}
          >
            <X />
          </Button>
        </div>
      ))}
      {!none && (
        <div>
          <Button size="sm" onClick={() => onChange([...rows, bindRow({ source: allowed?.[0]?.path ?? "" })])}>
            <Plus />
            Add host path
          </Button>
        </div>
      )}
      {error !== undefined ? (
        <p role="alert" className="text-bad text-xs">
          Bind {error}
        </p>
      ) : (
        <p className="text-faint text-xs">{none ? noneAllowed : hintOf(allowed)}</p>
      )}
    </div>
  );
}

const noneAllowed = "Root's configuration on this machine allows no host paths.";

function hintOf(allowed: ImageList["binds"] | null): string {
  if (!allowed) return "Only beneath what root's configuration allows.";
  const paths = allowed.map(({ path, readOnly }) => `${path}${readOnly ? " (read-only)" : ""}`);
  return `Beneath ${paths.join(", ")}: root's configuration allows nothing else.`;
}
