import type { Container } from "@/lib/contract/container.ts";
import { problemFrom } from "../api.ts";
import { toastDone, toastProblem } from "../ui/toaster.tsx";
import { type Action, actionWords, runAction } from "./run-action.ts";

/** Carries out an action and says how it went; pausing and resuming can be taken back. */
export async function carryOut(action: Action, container: Container): Promise<void> {
  try {
    await runAction(action, container);
    toastDone(`${container.name} ${actionWords[action].done}`, undoOf(action, container));
  } catch (error) {
    toastProblem(problemFrom(error));
  }
}

/** What takes an action back, where that leaves nothing behind: only freezing and thawing do. */
export function undoOf(action: Action, container: Container): (() => Promise<void>) | undefined {
  if (action === "pause") return () => runAction("resume", container);
  if (action === "resume") return () => runAction("pause", container);
  return undefined;
}
