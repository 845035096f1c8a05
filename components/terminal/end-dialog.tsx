"use client";

import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";

interface Props {
  /** What would be ended; null while nothing is asked. */
  names: readonly string[] | null;
  onCancel: () => void;
  onKeep: () => void;
  onEnd: () => void;
  finalFocus: () => boolean;
}

/** Asks what becomes of commands whose panes are closed. */
export function EndDialog({ names, onCancel, onKeep, onEnd, finalFocus }: Props) {
  const one = names?.length === 1;
  return (
    <Dialog
      open={names !== null}
      onOpenChange={(open) => !open && onCancel()}
      finalFocus={finalFocus}
      title={one ? `End ${names[0]}?` : `End ${names?.length ?? 0} commands?`}
      footer={
        <>
          <Button variant="ghost" onClick={onCancel}>
            Cancel
          </Button>
          <Button onClick={onKeep}>Close, keep running</Button>
          <Button variant="danger" onClick={onEnd} autoFocus>
            {one ? "End it" : "End them"}
          </Button>
        </>
      }
    >
      <p className="text-pretty text-soft text-sm">
        {one ? "It still runs" : `${names?.join(", ")} still run`} in the container. Ending hangs up its terminal and
        kills what is left after two seconds; what goes on is offered again under “New shell”.
      </p>
    </Dialog>
  );
}
