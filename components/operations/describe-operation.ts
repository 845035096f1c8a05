import type { OperationSummary, Verb } from "@/lib/contract/operation.ts";
import { formatBytes, formatCount } from "../format.ts";

const words: Record<Verb, [ongoing: string, done: string, verb: string]> = {
  create: ["Creating", "Created", "create"],
  start: ["Starting", "Started", "start"],
  stop: ["Stopping", "Stopped", "stop"],
  kill: ["Killing", "Killed", "kill"],
  restart: ["Restarting", "Restarted", "restart"],
  pause: ["Pausing", "Paused", "pause"],
  resume: ["Resuming", "Resumed", "resume"],
  update: ["Changing", "Changed", "change"],
  delete: ["Deleting", "Deleted", "delete"],
};

/** An operation in a few words: `Starting web`, `Stopped web`, `Could not delete web`. */
export function describeOperation({ verb, state, containerName, containerId }: OperationSummary): string {
  const [ongoing, done, plain] = words[verb];
  const name = containerName ?? containerId.slice(0, 8);
  if (state === "failed") return `Could not ${plain} ${name}`;
  return `${state === "succeeded" ? done : ongoing} ${name}`;
}

/** How far an operation is, in words, and from 0 to 1 where that is known. */
export function describeProgress({ state, progress }: OperationSummary): { text: string; value: number | null } {
  if (!progress) return { text: state === "queued" ? "Waiting for its turn" : "", value: null };
  const { step, done, total, unit } = progress;
  const amount = (count: number) => {
    if (unit === "bytes") return formatBytes(count);
    return unit === "files" ? formatCount(count, "file") : `${Math.round(count)} s`;
  };
  const of = total === null ? amount(done) : `${amount(done)} of ${amount(total)}`;
  return { text: `${step}, ${of}`, value: total === null || total <= 0 ? null : done / total };
}
