import { type Container, ContainerEnd } from "../../lib/contract/container.ts";
import type { Context } from "../context.ts";
import { type ContainerRecord, toContainer } from "../state/record.ts";

const goingOn: readonly string[] = ["starting", "running", "paused", "stopping"];

/**
 * How a container stands once it does not run, or was deleted; after `milliseconds`, or when the signal aborts, as it
 * stands then.
 */
export function waitForEnd(
  context: Context,
  record: ContainerRecord,
  milliseconds: number,
  signal: AbortSignal,
): Promise<ContainerEnd> {
  return new Promise((resolve) => {
    let last: Container = toContainer(record);
    const answer = () => {
      unsubscribe();
      clearTimeout(timer);
      signal.removeEventListener("abort", answer);
      resolve(ContainerEnd.parse(last));
    };
    const unsubscribe = context.events.subscribe(({ container }) => {
      if (container.id !== record.id) return;
      last = container;
      if (!goingOn.includes(container.state)) answer();
    });
    const timer = setTimeout(answer, milliseconds);
    signal.addEventListener("abort", answer);
    if (!goingOn.includes(last.state) || signal.aborted) answer();
  });
}
