"use client";

import { Trash2 } from "lucide-react";
import type { TokenInfo } from "@/lib/contract/token.ts";
import { formatSpan } from "../format.ts";
import { useNow } from "../live/clock.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";

/** Tokens in rows; on narrow screens what is less important stands below the name. */
export function TokenTable({
  tokens,
  onRevoke,
}: {
  tokens: readonly TokenInfo[];
  onRevoke: (token: TokenInfo) => void;
}) {
  const now = useNow();
  return (
    <div className="overflow-x-auto rounded-xl border bg-surface shadow-card">
      <table className="w-full text-left text-sm">
        <thead>
          <tr className="border-b text-faint text-xs">
            <th className="px-4 py-2 font-medium">Name</th>
            <th className="px-4 py-2 font-medium">Role</th>
            <th className="px-4 py-2 font-medium max-md:hidden">Made by</th>
            <th className="px-4 py-2 font-medium max-md:hidden">Last used</th>
            <th className="px-4 py-2 font-medium max-md:hidden">Expires</th>
            <th className="px-4 py-2">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id} className="border-b last:border-b-0">
              <td className="max-w-64 px-4 py-2.5">
                <span className="flex items-center gap-2">
                  <span className="truncate font-medium">{token.name}</span>
                  <State token={token} />
                </span>
                <span className="block text-faint text-xs md:hidden">
                  {`by ${token.createdByName} · ${describeUse(token, now)} · ${describeEnd(token, now)}`}
                </span>
              </td>
              <td className="px-4 py-2.5 text-soft">{token.role}</td>
              <td className="max-w-48 truncate px-4 py-2.5 text-soft max-md:hidden">{token.createdByName}</td>
              <td className="px-4 py-2.5 text-soft tabular-nums max-md:hidden">{describeUse(token, now)}</td>
              <td className="px-4 py-2.5 text-soft tabular-nums max-md:hidden">{describeEnd(token, now)}</td>
              <td className="px-2 py-1.5 text-right">
                <Button
                  variant="ghost"
                  size="icon"
                  aria-label={`Revoke ${token.name}`}
                  title="Revoke"
                  onClick={() => onRevoke(token)}
                >
                  <Trash2 />
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function State({ token: { state } }: { token: TokenInfo }) {
  if (state === "active") return null;
  return <Badge tone={state === "expired" ? "idle" : "warn"}>{state}</Badge>;
}

function describeUse({ lastUsedAt }: TokenInfo, now: number): string {
  return lastUsedAt ? `used ${formatSpan(lastUsedAt, Math.max(now, Date.parse(lastUsedAt)))} ago` : "never used";
}

function describeEnd({ expiresAt }: TokenInfo, now: number): string {
  if (expiresAt === null) return "never expires";
  return Date.parse(expiresAt) > now ? `in ${formatSpan(now, expiresAt)}` : `${formatSpan(expiresAt, now)} ago`;
}
