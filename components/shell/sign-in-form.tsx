"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Problem } from "@/lib/contract/problem.ts";
import type { SignIn } from "@/lib/contract/sign-in.ts";
import { api, problemFrom } from "../api.ts";
import { Logo } from "../brand/logo.tsx";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Prose } from "../ui/prose.tsx";
import { Spinner } from "../ui/spinner.tsx";

/**
 * Signs in with the operator token, or by itself with the code of a one-time link. The code leaves the address bar at
 * once; only a script redeems it, so that a preview of the link does not use it up.
 */
export function SignInForm({ code, next }: { code: string | null; next: string }) {
  const [token, setToken] = useState("");
  const [pending, setPending] = useState<"code" | "token" | null>(code === null ? null : "code");
  const [problem, setProblem] = useState<Problem | null>(null);
  const redeemed = useRef(false);
  const field = useRef<HTMLInputElement>(null);

  // A password manager, or a quick person, fills the field in before this script runs.
  useEffect(() => setToken(field.current?.value ?? ""), []);

  const signIn = async (body: SignIn) => {
    setProblem(null);
    try {
      await api.call("signIn", { body });
      window.location.replace(next);
    } catch (error) {
      setProblem(problemFrom(error));
      setPending(null);
    }
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: a code is redeemed once, when the page opens
  useEffect(() => {
    if (code === null || redeemed.current) return;
    redeemed.current = true;
    window.history.replaceState(null, "", "/sign-in");
    void signIn({ code });
  }, []);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    setPending("token");
    void signIn({ token: token.trim() });
  };

  return (
    <main className="relative isolate flex flex-1 flex-col items-center justify-center px-4 py-16">
      <div className="-z-10 absolute inset-0 bg-grid" aria-hidden="true" />
      <Logo className="size-12" />
      <h1 className="mt-5 font-semibold text-2xl tracking-[-0.025em]">MiniRun</h1>
      <p className="mt-1 text-soft">A container engine that you can see through</p>
      <div className="mt-8 w-full max-w-sm rounded-xl border bg-surface p-5 shadow-pop">
        {pending === "code" ? (
          <p role="status" className="flex h-24 items-center justify-center gap-2.5 text-soft">
            <Spinner />
            Signing in with the link
          </p>
        ) : (
          <form onSubmit={onSubmit} className="flex flex-col gap-4">
            {problem && <Refusal problem={problem} />}
            <Field name="token" label="Operator token" hint={<TokenHint />}>
              <Input
                type="password"
                autoComplete="current-password"
                autoFocus
                required
                ref={field}
                onChange={(event) => setToken(event.target.value)}
                className="h-10 font-mono"
              />
            </Field>
            <Button
              type="submit"
              variant="primary"
              size="lg"
              pending={pending === "token"}
              disabled={token.trim() === ""}
            >
              Sign in
            </Button>
          </form>
        )}
      </div>
    </main>
  );
}

function TokenHint() {
  return (
    <>
      <code className="font-mono text-ink">./minirun token</code> prints it, on the machine that MiniRun runs on.
    </>
  );
}

function Refusal({ problem: { title, detail, remedy } }: { problem: Problem }) {
  return (
    <div role="alert" className="rounded-lg border border-bad/25 bg-bad-soft px-3 py-2.5 text-sm">
      <p className="font-medium">{title}</p>
      <p className="mt-0.5 text-pretty text-soft text-xs">
        <Prose>{detail}</Prose>
      </p>
      {remedy && (
        <p className="mt-1 text-pretty text-soft text-xs">
          <Prose>{remedy}</Prose>
        </p>
      )}
    </div>
  );
}
