"use client";

import { useState } from "react";
import type { Share } from "@/lib/contract/session.ts";
import { api, problemFrom } from "../api.ts";
import { Button } from "../ui/button.tsx";
import { controlStyle } from "../ui/control-style.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Select } from "../ui/select.tsx";
import { toastDone, toastProblem } from "../ui/toaster.tsx";

const spans = [
  { value: "15", label: "15 minutes" },
  { value: "60", label: "1 hour" },
  { value: "480", label: "8 hours" },
  { value: "1440", label: "1 day" },
];

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  sessionId: string;
  name: string;
  /** Whether somebody can watch already. */
  shared: boolean;
  onChanged: () => void;
}

/** Lets others watch a terminal by a link, for a time, and takes that back. */
export function ShareDialog({ open, onOpenChange, sessionId, name, shared, onChanged }: Props) {
  const [minutes, setMinutes] = useState("60");
  const [share, setShare] = useState<Share | null>(null);
  const [pending, setPending] = useState(false);
  const params = { id: sessionId };
  const attempt = async (work: () => Promise<void>) => {
    setPending(true);
    try {
      await work();
      onChanged();
    } catch (error) {
      toastProblem(problemFrom(error));
    } finally {
      setPending(false);
    }
  };
  const create = () =>
    attempt(async () => setShare(await api.call("createShare", { params, body: { minutes: Number(minutes) } })));
  const stop = () =>
    attempt(async () => {
      await api.call("deleteShares", { params });
      setShare(null);
      onOpenChange(false);
      toastDone("No longer shared");
    });
  const link = share ? new URL(share.path, window.location.href).href : "";
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Share ${name}`}
      description="Whoever has the link sees this terminal live, without signing in, and cannot type."
      footer={
        (shared || share) && (
          <Button variant="danger" pending={pending} onClick={() => void stop()}>
            Stop sharing
          </Button>
        )
      }
    >
      {share ? (
        <div className="flex flex-col gap-2">
          <div className="flex items-center gap-1">
            <input
              readOnly
              aria-label="Link to watch"
              value={link}
              onFocus={(event) => event.currentTarget.select()}
              className={`${controlStyle} font-mono text-xs`}
            />
            <CopyButton text={link} label="Copy the link" />
          </div>
          <p className="text-soft text-xs">
            It works until{" "}
            <time dateTime={share.expiresAt}>
              {new Date(share.expiresAt).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}
            </time>
            . It is shown once: a new link can be made at any time.
          </p>
        </div>
      ) : (
        <div className="flex flex-col gap-3">
          {shared && <p className="text-sm">A link to this terminal is open. Another one can be made beside it.</p>}
          <div className="flex items-end gap-2">
            <Select
              aria-label="For how long"
              items={spans}
              value={minutes}
              onValueChange={setMinutes}
              className="flex-1"
            />
            <Button variant="primary" pending={pending} onClick={() => void create()}>
              Make a link
            </Button>
          </div>
          <p className="text-pretty text-faint text-xs">
            Watchers see everything that is printed from now on and what the screen holds, passwords on it included.
          </p>
        </div>
      )}
    </Dialog>
  );
}
