"use client";

import { KeyRound, LogIn } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { ProviderName } from "@/lib/contract/person.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import type { SignIn } from "@/lib/contract/sign-in.ts";
import { api, problemOf } from "../api.ts";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { Door, Refusal } from "./door.tsx";
import { describeRefusal } from "./provider-refusals.ts";

interface Props {
  /** Of a one-time link. */
  code: string | null;
  next: string;
  providers: readonly { id: ProviderName; name: string }[];
  /** What a provider's callback says went wrong. */
  refusal: string | null;
}

type Way = "code" | "password" | "token" | ProviderName;
type Refused = Pick<Problem, "title" | "detail" | "remedy">;

/**
 * Signs in with a password, through a provider, with the operator token, or by itself with the code of a one-time link.
 * The code leaves the address bar at once; only a script redeems it, so that a preview of the link does not use it up.
 */
export function SignInForm({ code, next, providers, refusal }: Props) {
  const [pending, setPending] = useState<Way | null>(code === null ? null : "code");
  const [problem, setProblem] = useState<Refused | null>(refusal === null ? null : describeRefusal(refusal));
  const [withToken, setWithToken] = useState(false);
  const redeemed = useRef(false);

  const attempt = async (way: Way, go: () => Promise<string>) => {
    setPending(way);
    setProblem(null);
    try {
      window.location.replace(await go());
    } catch (error) {
      setProblem(problemOf(error));
      setPending(null);
    }
  };
  const signIn = (way: Way, body: SignIn) =>
    void attempt(way, async () => {
      await api.call("signIn", { body });
      return next;
    });
  const begin = (provider: ProviderName) =>
    void attempt(provider, async () => (await api.call("beginSignIn", { params: { provider }, body: { next } })).url);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a code is redeemed once, when the page opens
  useEffect(() => {
    if (code === null || redeemed.current) return;
    redeemed.current = true;
    window.history.replaceState(null, "", "/sign-in");
    signIn("code", { code });
  }, []);

  return (
    <Door title="MiniRun" lead="A container engine that you can see through">
      {pending === "code" ? (
        <p role="status" className="flex h-24 items-center justify-center gap-2.5 text-soft">
          <Spinner />
          Signing in with the link
        </p>
      ) : (
        <div className="flex flex-col gap-4">
          {problem && <Refusal problem={problem} />}
          {withToken ? (
            <TokenForm pending={pending === "token"} onSubmit={(token) => signIn("token", { token })} />
          ) : (
            <PasswordForm pending={pending === "password"} onSubmit={(body) => signIn("password", body)} />
          )}
          <div className="flex items-center gap-3 text-faint text-xs" aria-hidden="true">
            <span className="h-px flex-1 bg-line" />
            or
            <span className="h-px flex-1 bg-line" />
          </div>
          <div className="flex flex-col gap-2">
            {providers.map(({ id, name }) => (
              <Button key={id} size="lg" pending={pending === id} onClick={() => begin(id)}>
                <LogIn />
                {`Sign in with ${name}`}
              </Button>
            ))}
            <Button variant="ghost" size="lg" onClick={() => setWithToken(!withToken)}>
              <KeyRound />
              {withToken ? "Sign in with a password" : "Use the operator token"}
            </Button>
          </div>
        </div>
      )}
    </Door>
  );
}

function PasswordForm({
  pending,
  onSubmit,
}: {
  pending: boolean;
  onSubmit: (body: { email: string; password: string }) => void;
}) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    onSubmit({ email: String(data.get("email")), password: String(data.get("password")) });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field name="email" label="E-mail address">
        <Input type="email" autoComplete="username" autoFocus required className="h-10" />
      </Field>
      <Field name="password" label="Password">
        <Input type="password" autoComplete="current-password" required className="h-10" />
      </Field>
      <Button type="submit" variant="primary" size="lg" pending={pending}>
        Sign in
      </Button>
    </form>
  );
}

function TokenForm({ pending, onSubmit }: { pending: boolean; onSubmit: (token: string) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(String(new FormData(event.currentTarget).get("token")).trim());
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field name="token" label="Operator token" hint={<TokenHint />}>
        <Input type="password" autoComplete="off" autoFocus required className="h-10 font-mono" />
      </Field>
      <Button type="submit" variant="primary" size="lg" pending={pending}>
        Sign in
      </Button>
    </form>
  );
}

function TokenHint() {
  return (
    <>
      <code className="font-mono text-ink">./minirun token</code> prints it, on the machine that MiniRun runs on.
    </>
  );
}
