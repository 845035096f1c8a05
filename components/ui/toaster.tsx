"use client";

import { Toaster as Sonner, toast } from "sonner";
import type { Problem } from "@/lib/contract/problem.ts";
import { problemFrom } from "../api.ts";
import { signInPath } from "../live/session.ts";
import { Prose } from "./prose.tsx";

/** Where results of actions appear. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-[min(24rem,calc(100vw-2rem))] items-start gap-2.5 rounded-lg border border-line bg-raised px-3.5 py-3 text-sm text-ink shadow-pop font-sans",
          icon: "mt-0.5 shrink-0 [&_svg]:size-4",
          success: "[&_[data-icon]]:text-ok",
          error: "[&_[data-icon]]:text-bad",
          title: "font-medium",
          description: "mt-0.5 text-soft text-xs",
          actionButton:
            "ml-auto h-7 shrink-0 rounded-md border border-line-strong px-2.5 font-medium text-xs hover:bg-hover any-pointer-coarse:h-10",
          closeButton: "order-last ml-auto shrink-0 text-faint hover:text-ink",
        },
      }}
    />
  );
}

/** Says that something was done; `undo` offers to take it back for as long as the toast stands. */
export function toastDone(message: string, undo?: () => Promise<unknown>): void {
  toast.success(message, {
    ...(undo && {
      duration: 8_000,
      action: { label: "Undo", onClick: () => void undo().catch((error) => toastProblem(problemFrom(error))) },
    }),
  });
}

/** Says that something unfinished is kept elsewhere, and leads back to it. */
export function toastKept(message: string, goBack: () => void): void {
  toast.info(message, { duration: 8_000, action: { label: "Go back to it", onClick: goBack } });
}

type Told = Pick<Problem, "title" | "detail" | "remedy"> & Partial<Pick<Problem, "code">>;

/** Says what went wrong, why, and what to do; where that is to sign in, leads there. */
export function toastProblem({ title, detail, remedy, code }: Told): void {
  toast.error(title, {
    duration: 10_000,
    ...(code === "unauthenticated" && {
      action: { label: "Sign in", onClick: () => window.location.assign(signInPath()) },
    }),
    description: (
      <>
        <span className="block">
          <Prose>{detail}</Prose>
        </span>
        {remedy && (
          <span className="mt-1 block">
            <Prose>{remedy}</Prose>
          </span>
        )}
      </>
    ),
  });
}
