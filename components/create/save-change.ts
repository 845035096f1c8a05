import type { Container, UpdateContainerInput } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";
import { runAction } from "../containers/run-action.ts";
import { randomId } from "../random-id.ts";
import { differences } from "./changes.ts";

/** Someone else has changed the container since it was read; `container` is how it is now. */
export class ChangedMeanwhile extends Error {
  readonly container: Container;
  readonly problem: Problem;

  constructor(container: Container) {
    super(`${container.name} was changed meanwhile`);
    this.name = "ChangedMeanwhile";
    this.container = container;
    this.problem = {
      type: "urn:minirun:problem:changed-meanwhile",
      title: this.message,
      status: 412,
      code: "changed-meanwhile",
      detail: "somebody else has saved it since, and that would be undone",
      remedy: "Look at how it is now, and change it from there.",
    };
  }
}

/**
 * Changes a container whose settings are those of `before`, and answers with it. That it started or ended meanwhile is
 * no conflict. Throws ChangedMeanwhile, or the answer's ProblemError.
 */
export async function saveChange(before: Container, change: UpdateContainerInput): Promise<Container> {
  const call = (revision: number) =>
    api.call("updateContainer", {
      params: { name: before.id },
      body: change,
      ifMatch: `"${revision}"`,
      idempotencyKey: randomId(),
    });
  try {
    return await call(before.revision);
  } catch (error) {
    if (problemFrom(error).code !== "changed-meanwhile") throw error;
    const now = await api.call("getContainer", { params: { name: before.id } });
    if (differences(now, before).length > 0) throw new ChangedMeanwhile(now);
    return call(now.revision);
  }
}

/** Changes a container as it is, as `saveStopped` does one that must not run for it. */
export const saveNow: typeof saveStopped = async (before, change, onSaved) => {
  const after = await saveChange(before, change);
  onSaved(after);
  return after;
};

/**
 * Stops a container, changes it, and starts it again; it is started also when the change is refused. `onSaved` hears of
 * the change before the start, which may fail by it.
 */
export async function saveStopped(
  before: Container,
  change: UpdateContainerInput,
  onSaved: (after: Container) => void,
): Promise<Container> {
  const params = { name: before.id };
  const stopped = await api.call("stopContainer", { params, body: {}, idempotencyKey: randomId() });
  if (differences(stopped, before).length > 0) {
    await runAction("start", stopped);
    throw new ChangedMeanwhile(stopped);
  }
  try {
    onSaved(await saveChange({ ...before, revision: stopped.revision }, change));
  } catch (error) {
    await runAction("start", stopped).catch(() => {});
    throw error;
  }
  return api.call("startContainer", { params, idempotencyKey: randomId() });
}

const cheap: readonly string[] = ["name", "labels"];

/** What takes a change back where that is harmless: of names and labels. */
export function undoChange(before: Container, after: Container, change: UpdateContainerInput) {
  if (!Object.keys(change).every((setting) => cheap.includes(setting))) return undefined;
  const back: UpdateContainerInput = {
    ...(change.name !== undefined && { name: before.name }),
    ...(change.labels !== undefined && { labels: before.labels }),
  };
  return () => saveChange(after, back);
}
