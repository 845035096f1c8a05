"use client";

import { useState, useSyncExternalStore } from "react";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { controlStyle } from "../ui/control-style.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { callPath, curlLine } from "./call-line.ts";
import { type Answered, tryCall } from "./try-call.ts";

interface Props {
  method: string;
  path: string;
  parameters: readonly { name: string; in: string; required?: boolean }[];
  mediaType: string | null;
  example: string | null;
  signIn: boolean;
}

const noChange = () => () => {};

/** How to make a call: as a curl command and, where it only reads, from here. */
export function CallPanel({ method, path, parameters, mediaType, example, signIn }: Props) {
  const [values, setValues] = useState<Record<string, string>>({});
  const [answered, setAnswered] = useState<Answered | null>(null);
  const [pending, setPending] = useState(false);
  const origin = useSyncExternalStore(
    noChange,
    () => window.location.origin,
    () => "",
  );
  const call = { method, path, parameters, values };
  const line = curlLine(call, { origin, signIn, mediaType, body: example });
  const missing = parameters.some(({ name, in: place }) => place === "path" && !values[name]);
  const send = async () => {
    setPending(true);
    setAnswered(await tryCall(`/api/v1${callPath(call)}`));
    setPending(false);
  };
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="relative overflow-hidden rounded-lg border bg-sunken">
        <pre className="overflow-x-auto whitespace-pre-wrap break-words py-2.5 pr-10 pl-3 font-mono text-xs leading-5">
          {line}
        </pre>
        <div className="absolute top-1 right-1">
          <CopyButton text={line} label="Copy the curl command" />
        </div>
      </div>
      {method === "GET" && (
        <form
          className="rounded-lg border p-3"
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          {parameters.length > 0 && (
            <div className="mb-3 grid gap-2 sm:grid-cols-2">
              {parameters.map(({ name, in: place }) => (
                <label key={name} htmlFor={`${path} ${name}`} className="min-w-0">
                  <span className="mb-1 block font-mono text-soft text-xs">{name}</span>
                  <input
                    id={`${path} ${name}`}
                    value={values[name] ?? ""}
                    required={place === "path"}
                    onChange={(event) => setValues({ ...values, [name]: event.target.value })}
                    autoComplete="off"
                    spellCheck={false}
                    className={cn(controlStyle, "font-mono text-xs")}
                  />
                </label>
              ))}
            </div>
          )}
          <Button type="submit" size="sm" pending={pending} disabled={missing}>
            Try it
          </Button>
          {answered && <AnswerView answered={answered} />}
        </form>
      )}
    </div>
  );
}

function AnswerView({ answered: { status, ok, milliseconds, text, cut } }: { answered: Answered }) {
  return (
    <div className="mt-3" role="status">
      <p className="flex gap-3 text-xs tabular-nums">
        <span className={ok ? "text-ok" : "text-bad"}>{status}</span>
        <span className="text-faint">{milliseconds.toFixed(0)} ms</span>
        {cut && <span className="text-faint">only the beginning is shown</span>}
      </p>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="mt-1.5 max-h-96 overflow-auto rounded-md bg-sunken p-2.5 font-mono text-xs leading-5"
      >
        {text}
      </pre>
    </div>
  );
}
