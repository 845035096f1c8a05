import type { ContainerSpec } from "../../lib/contract/container.ts";
import { fail } from "../../lib/contract/problem.ts";

/** Checks what each setting alone can't tell: that they go together. Throws validation-failed. */
export function checkTogether({ autoRemove, restart }: ContainerSpec): void {
  if (!autoRemove || restart === "no") return;
  throw fail("validation-failed", "The request does not fit", "autoRemove and restart contradict each other.", {
    remedy: "Leave one of the two out: a container that is started again is never removed by itself.",
    errors: [{ path: "autoRemove", message: "can't be combined with a restart policy" }],
  });
}
