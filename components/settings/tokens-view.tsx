"use client";

import { KeyRound, Plus } from "lucide-react";
import { useEffect, useState } from "react";
import type { Principal } from "@/lib/contract/principal.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import type { TokenInfo } from "@/lib/contract/token.ts";
import { api, problemFrom } from "../api.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { useRetry } from "../live/use-retry.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { toastDone, toastProblem } from "../ui/toaster.tsx";
import { NewTokenDialog } from "./new-token-dialog.tsx";
import { TokenTable } from "./token-table.tsx";

interface Props {
  principal: Principal;
  initial: TokenInfo[];
  /** Why they could not be read. */
  problem: Problem | null;
}

/** API tokens: who has which, how far it reaches, when it was used; to make and to revoke. */
export function TokensView({ principal, initial, problem: initialProblem }: Props) {
  const [tokens, setTokens] = useState(initial);
  const [problem, setProblem] = useState(initialProblem);
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<TokenInfo | null>(null);
  const [pending, setPending] = useState(false);

  const refresh = async () => {
    try {
      setTokens((await api.call("listTokens")).items);
      setProblem(null);
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as the back button brings a page as it was
  useEffect(() => void refresh(), []);
  useRetry(problem, () => void refresh());
  const revoke = async ({ id, name }: TokenInfo) => {
    setPending(true);
    try {
      await api.call("deleteToken", { params: { id } });
      setRevoking(null);
      toastDone(`${name} is revoked`);
      await refresh();
    } catch (error) {
      toastProblem(problemFrom(error));
    } finally {
      setPending(false);
    }
  };
  const make = (
    <Button variant="primary" onClick={() => setMaking(true)}>
      <Plus />
      New token
    </Button>
  );
  return (
    <section aria-labelledby="tokens-title" className="mt-5">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 max-w-2xl">
          <h2 id="tokens-title" className="font-semibold text-base tracking-tight">
            API tokens
          </h2>
          <p className="mt-0.5 text-pretty text-soft text-sm">
            Let programs in, each with a role of its own. A token can do no more than whoever made it, and ends with
            that one.
          </p>
        </div>
        {tokens.length > 0 && make}
      </div>
      {problem && (
        <div className="mt-4">
          <ProblemNotice problem={problem} />
        </div>
      )}
      <div className="mt-4">
        {tokens.length > 0 ? (
          <TokenTable tokens={tokens} onRevoke={setRevoking} />
        ) : (
          !problem && (
            <EmptyState icon={<KeyRound />} title="No tokens" action={make}>
              A token is sent as <code className="font-mono text-xs">Authorization: Bearer mrt_…</code>, or given to{" "}
              <code className="font-mono text-xs">./minirun</code> in MINIRUN_TOKEN.
            </EmptyState>
          )
        )}
      </div>
      <NewTokenDialog open={making} onOpenChange={setMaking} role={principal.role} onMade={() => void refresh()} />
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={() => setRevoking(null)}
        title={`Revoke ${revoking?.name ?? ""}?`}
        action="Revoke"
        pending={pending}
        onConfirm={() => revoking && void revoke(revoking)}
      >
        Programs that use it are refused at once, and their terminals and event streams close. This can't be taken back.
      </ConfirmDialog>
    </section>
  );
}
