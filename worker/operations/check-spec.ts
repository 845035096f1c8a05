import type { ContainerSpec } from "../../lib/contract/container.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";

/**
 * Checks what a schema can't: how settings go together, and what this host and the image have. `changed` are the
 * settings to look at. Throws validation-failed.
 */
export async function checkSpec(
  _context: Context,
  spec: ContainerSpec,
  _lower: string | null,
  _changed: readonly (keyof ContainerSpec)[],
): Promise<void> {
  if (spec.autoRemove && spec.restart !== "no") {
    throw fail("validation-failed", "The request does not fit", "autoRemove and restart contradict each other.", {
      remedy: "Leave one of the two out: a container that is started again is never removed by itself.",
      errors: [{ path: "autoRemove", message: "can't be combined with a restart policy" }],
    });
  }
}
