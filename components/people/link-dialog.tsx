"use client";

import type { Invitation } from "@/lib/contract/person.ts";
import { Button } from "../ui/button.tsx";
import { controlStyle } from "../ui/control-style.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";

/** Shows a one-time link, this once. */
export function LinkDialog({ invitation, onClose }: { invitation: Invitation | null; onClose: () => void }) {
  const link = invitation ? new URL(invitation.path, window.location.origin).href : "";
  return (
    <Dialog
      open={invitation !== null}
      onOpenChange={(open) => !open && onClose()}
      stays
      title={`A link for ${invitation?.person.name ?? ""}`}
      description={`Hand it on by a safe way: it works once, until ${invitation?.expiresAt.slice(0, 10) ?? ""}, and is shown to nobody again.`}
      footer={<Button onClick={onClose}>Done</Button>}
    >
      <div className="flex items-center gap-1">
        <input
          readOnly
          aria-label="The link"
          value={link}
          onFocus={(event) => event.currentTarget.select()}
          className={`${controlStyle} font-mono text-xs`}
        />
        <CopyButton text={link} label="Copy the link" />
      </div>
    </Dialog>
  );
}
