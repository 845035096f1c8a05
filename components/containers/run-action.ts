import type { Container } from "@/lib/contract/container.ts";
import { api } from "../api.ts";
import { randomId } from "../random-id.ts";
import { isRunning } from "./describe.ts";

export const actions = ["start", "stop", "restart", "pause", "resume", "kill", "delete"] as const;
export type Action = (typeof actions)[number];

/** What a call takes beyond its container: the signal of a kill; SIGKILL when left out. */
export interface ActionOptions {
  signal?: string;
}

/** What an action is called on a button, and what has happened to the container after it. */
export const actionWords: Record<Action, { label: string; done: string }> = {
  start: { label: "Start", done: "started" },
  stop: { label: "Stop", done: "stopped" },
  restart: { label: "Restart", done: "restarted" },
  pause: { label: "Pause", done: "paused" },
  resume: { label: "Resume", done: "resumed" },
  kill: { label: "Kill", done: "killed" },
  delete: { label: "Delete", done: "deleted" },
};

/** The actions that make sense in a container's state, the likeliest first. */
export function possibleActions(container: Pick<Container, "state">): readonly Action[] {
  switch (container.state) {
    case "running":
      return ["stop", "restart", "pause", "kill", "delete"];
    case "paused":
      return ["resume", "stop", "kill", "delete"];
    case "starting":
    case "stopping":
      return ["kill", "delete"];
    case "restarting":
      return ["start", "stop", "delete"];
    default:
      return ["start", "delete"];
  }
}

/**
 * Whether an action may be asked for beside those that are under way. Only what ends a container does not wait for
 * others: a stop can take as long as its time-out, and a kill or a deletion cuts that short.
 */
export function mayBegin(action: Action, underWay: readonly Action[]): boolean {
  if (action === "kill") return true;
  return action === "delete" ? !underWay.includes("delete") : underWay.length === 0;
}

/**
 * Carries out one action and waits until it is done. A delete kills first what runs: ask before.
 * Throws the answer's ProblemError.
 */
export async function runAction(
  action: Action,
  container: Pick<Container, "id" | "state">,
  { signal }: ActionOptions = {},
): Promise<void> {
  const call = { params: { name: container.id }, idempotencyKey: randomId() };
  switch (action) {
    case "start":
      return void (await api.call("startContainer", call));
    case "stop":
      return void (await api.call("stopContainer", { ...call, body: {} }));
    case "restart":
      return void (await api.call("restartContainer", { ...call, body: {} }));
    case "pause":
      return void (await api.call("pauseContainer", call));
    case "resume":
      return void (await api.call("resumeContainer", call));
    case "kill":
      return void (await api.call("killContainer", { ...call, body: { ...(signal && { signal }) } }));
    case "delete":
      return void (await api.call("deleteContainer", { ...call, query: { force: !isAtRest(container) } }));
  }
}

function isAtRest(container: Pick<Container, "state">): boolean {
  return !isRunning(container) && container.state !== "starting" && container.state !== "restarting";
}
