"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button.tsx";
import { toastDone, toastProblem } from "./toaster.tsx";

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await copyText(text);
    } catch {
      return toastNotCopied();
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <Button variant="ghost" size="icon" aria-label={copied ? "Copied" : label} onClick={() => void copy()}>
      {copied ? <Check className="text-ok" /> : <Copy />}
    </Button>
  );
}

/**
 * Puts a text on the clipboard; rejects when the browser does not let it. Pages that come over plain HTTP from another
 * machine have no clipboard object; the old command works there.
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw new Error("the browser has refused to copy");
}

/** Copies an address, and says so. */
export function copyLink(address: string): void {
  copyText(address).then(() => toastDone("Link copied"), toastNotCopied);
}

function toastNotCopied(): void {
  toastProblem({
    title: "Nothing was copied",
    detail: "The browser keeps its clipboard from this page.",
    remedy: "Select the text, and copy it by Ctrl+C.",
  });
}
