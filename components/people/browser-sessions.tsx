"use client";

import { Monitor } from "lucide-react";
import { useState } from "react";
import type { BrowserSession } from "@/lib/contract/person.ts";
import { api, problemFrom } from "../api.ts";
import { formatSpan } from "../format.ts";
import { useNow } from "../live/clock.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { toastDone, toastProblem } from "../ui/toaster.tsx";

/** The browsers in which one is signed in, each of which can be signed out. */
export function BrowserSessions({ sessions, onEnded }: { sessions: readonly BrowserSession[]; onEnded: () => void }) {
  const now = useNow();
  const [pending, setPending] = useState<string | null>(null);
  const end = async ({ id, device, current }: BrowserSession) => {
    setPending(id);
    try {
      await api.call("endBrowserSession", { params: { id } });
      if (current) return window.location.assign("/sign-in");
      toastDone(`${device} is signed out`);
      onEnded();
    } catch (error) {
      toastProblem(problemFrom(error));
    } finally {
      setPending(null);
    }
  };
  return (
    <Card title="Where you are signed in">
      <ul>
        {sessions.map((session) => (
          <li key={session.id} className="flex items-center gap-3 border-b px-4 py-2.5 last:border-b-0">
            <Monitor className="size-4 shrink-0 text-faint" aria-hidden="true" />
            <div className="min-w-0 flex-1">
              <p className="flex items-center gap-2 text-sm">
                <span className="truncate font-medium">{session.device}</span>
                {session.current && <Badge tone="ok">this one</Badge>}
              </p>
              <p className="truncate text-faint text-xs tabular-nums">
                {`used ${formatSpan(session.lastUsedAt, Math.max(now, Date.parse(session.lastUsedAt)))} ago · signed in ${session.createdAt.slice(0, 10)}${session.address ? ` from ${session.address}` : ""}`}
              </p>
            </div>
            <Button
              size="sm"
              aria-label={`Sign out ${session.device}${session.current ? ", this one" : ""}`}
              pending={pending === session.id}
              onClick={() => void end(session)}
            >
              Sign out
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
