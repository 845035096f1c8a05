"use client";

import { useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { BulkResult } from "@/lib/contract/operation.ts";
import { api, problemFrom } from "../api.ts";
import { formatCount } from "../format.ts";
import { followOperations } from "../live/follow-operations.ts";
import { operations } from "../live/operations.ts";
import { toastDone, toastProblem } from "../ui/toaster.tsx";
import { type Action, actionWords } from "./run-action.ts";

/** What one call takes. */
const batchSize = 1000;

export interface BulkProgress {
  action: Action;
  done: number;
  total: number;
}

/** One verb on many containers: asked for in as few calls as may be, then followed until each has come to its end. */
export function useBulk(onFailed: (containerIds: readonly string[]) => void) {
  const [progress, setProgress] = useState<BulkProgress | null>(null);

  const run = async (action: Action, containers: readonly Container[]) => {
    if (progress || containers.length === 0) return;
    setProgress({ action, done: 0, total: containers.length });
    try {
      const items: BulkItem[] = [];
      for (let sent = 0; sent < containers.length; sent += batchSize) {
        const body = bulkBody(action, containers.slice(sent, sent + batchSize));
        items.push(...(await api.call("bulkAction", { body })).items);
      }
      const asked = items.flatMap(({ operation }) => (operation ? [operation] : []));
      operations.add(asked);
      const finished = await followOperations(asked, (done) => setProgress({ action, done, total: items.length }));
      const problems = [
        ...items.flatMap(({ problem }) => (problem ? [problem] : [])),
        ...finished.flatMap(({ problem }) => (problem ? [problem] : [])),
      ];
      const good = finished.filter(({ state }) => state === "succeeded").length;
      if (good > 0) toastDone(`${formatCount(good, "container")} ${actionWords[action].done}`);
      if (problems[0]) toastProblem(summary(problems.length, problems[0]));
      const failed = new Set(finished.filter(({ state }) => state === "failed").map(({ containerId }) => containerId));
      const refused = new Set(items.filter(({ problem }) => problem).map(({ container }) => container));
      onFailed(containers.filter(({ id }) => failed.has(id) || refused.has(id)).map(({ id }) => id));
    } catch (error) {
      toastProblem(problemFrom(error));
    } finally {
      setProgress(null);
    }
  };
  return { progress, run };
}

type BulkItem = BulkResult["items"][number];

function bulkBody(action: Action, containers: readonly Container[]) {
  const ids = containers.map(({ id }) => id);
  if (action === "delete") return { verb: action, containers: ids, arguments: { force: true } };
  return { verb: action, containers: ids };
}

function summary(count: number, first: { title: string; detail: string; remedy?: string | undefined }) {
  const { title, detail, remedy } = first;
  if (count === 1) return { title, detail, ...(remedy && { remedy }) };
  return { title: `${count} failed`, detail: `The first: ${detail}`, ...(remedy && { remedy }) };
}
