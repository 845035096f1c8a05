import { useEffect, useState } from "react";
import { formatBytes } from "../format.ts";
import { Button } from "../ui/button.tsx";
import { Progress } from "../ui/progress.tsx";
import { toastProblem } from "../ui/toaster.tsx";
import type { InputState } from "./input-queue.ts";

const patienceMs = 150;

/** How far a large paste is. One that is done in a moment is not spoken of. */
export function PasteBar({ input: { paste }, onCancel }: { input: InputState; onCancel: () => void }) {
  const [shown, setShown] = useState(false);
  const pasting = paste !== null;
  useEffect(() => {
    if (!pasting) return setShown(false);
    const timer = setTimeout(() => setShown(true), patienceMs);
    return () => clearTimeout(timer);
  }, [pasting]);
  if (!paste || !shown) return null;
  return (
    <div className="flex animate-rise items-center gap-3 border-t bg-surface px-4 py-2 text-xs">
      <span className="shrink-0 tabular-nums">
        Pasting {formatBytes(paste.sent)} of {formatBytes(paste.total)}
      </span>
      <Progress label="Pasting" value={paste.sent / paste.total} className="min-w-16 flex-1" />
      <Button size="sm" variant="ghost" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}

/** Says why a text was not pasted. */
export function tellTooLarge(bytes: number): void {
  toastProblem({
    title: "Too much to paste",
    detail: `The text has ${Math.round(bytes / 2 ** 20)} MiB; a paste has at most 64.`,
    remedy: "Upload it as a file: see the container's Files.",
  });
}
