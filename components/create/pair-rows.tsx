"use client";

import { Plus, X } from "lucide-react";
import { type ClipboardEvent, type ReactNode, useState } from "react";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { controlStyle } from "../ui/control-style.ts";
import { type PairRow, pairRow } from "./form-values.ts";
import { formatEnv, parseEnv } from "./parse-env.ts";

interface Props {
  /** What a row is, for its buttons and fields: `variable`, `label`. */
  noun: string;
  rows: readonly PairRow[];
  onChange: (rows: readonly PairRow[]) => void;
  onBlur: () => void;
  error: string | undefined;
  hint: ReactNode;
}

const fieldStyle = cn(controlStyle, "font-mono text-xs");

/** Names with values, a row each, or all as text in the form of a .env file, which can also be pasted into a row. */
export function PairRows({ noun, rows, onChange, onBlur, error, hint }: Props) {
  const [text, setText] = useState<string | null>(null);
  const set = (key: string, change: Partial<PairRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...change } : row)));
  const onPaste = (event: ClipboardEvent, row: PairRow) => {
    const pasted = event.clipboardData.getData("text");
    const pairs = parseEnv(pasted);
    if (!/[\n=]/.test(pasted.trim()) || pairs.length === 0) return;
    event.preventDefault();
    const added = pairs.map(([name, value]) => pairRow(name, value));
    const names = new Set(added.map(({ name }) => name));
    onChange([...rows.filter(({ key, name }) => key !== row.key && !names.has(name)), ...added]);
  };
  const message = error !== undefined ? `${noun[0]?.toUpperCase()}${noun.slice(1)}s: ${error}` : null;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {text !== null ? (
        <textarea
          aria-label={`All ${noun}s as text`}
          rows={8}
          value={text}
          aria-invalid={error !== undefined || undefined}
          placeholder={"STAGE=test\nGREETING='hello world'"}
          onChange={(event) => {
            setText(event.target.value);
            onChange(parseEnv(event.target.value).map(([name, value]) => pairRow(name, value)));
          }}
          onBlur={onBlur}
          spellCheck={false}
          className={cn(fieldStyle, "h-auto any-pointer-coarse:h-auto resize-y py-2 leading-5")}
        />
      ) : (
        rows.map((row, index) => (
          <div key={row.key} className="flex min-w-0 items-center gap-2">
            <input
              aria-label={`Name of ${noun} ${index + 1}`}
              aria-invalid={(error !== undefined && index === 0) || undefined}
              value={row.name}
              placeholder="NAME"
              onChange={(event) => set(row.key, { name: event.target.value })}
              onPaste={(event) => onPaste(event, row)}
              onBlur={onBlur}
              autoComplete="off"
              spellCheck={false}
              className={cn(fieldStyle, "w-2/5")}
            />
            <input
              aria-label={`Value of ${noun} ${index + 1}`}
              value={row.value}
              placeholder="value"
              onChange={(event) => set(row.key, { value: event.target.value })}
              autoComplete="off"
              spellCheck={false}
              className={cn(fieldStyle, "flex-1")}
            />
            <Button
              variant="ghost"
              size="icon"
              aria-label={`Remove ${noun} ${index + 1}`}
              onClick={() => onChange(rows.filter(({ key }) => key !== row.key))}
            >
              <X />
            </Button>
          </div>
        ))
      )}
      <div className="flex flex-wrap items-center gap-2">
        {text === null && (
          <Button size="sm" onClick={() => onChange([...rows, pairRow()])}>
            <Plus />
            Add {noun}
          </Button>
        )}
        <Button variant="ghost" size="sm" onClick={() => setText(text === null ? formatEnv(rows) : null)}>
          {text === null ? "Edit as text" : "Edit as rows"}
        </Button>
      </div>
      {message ? (
        <p role="alert" className="text-bad text-xs">
          {message}
        </p>
      ) : (
        <p className="text-faint text-xs">{hint}</p>
      )}
    </div>
  );
}
