"use client";

import { CircleCheck, CircleX } from "lucide-react";
import Link from "next/link";
import { type ReactElement, useSyncExternalStore } from "react";
import { isFinished } from "@/lib/contract/is-finished.ts";
import type { OperationSummary } from "@/lib/contract/operation.ts";
import { formatSpan } from "../format.ts";
import { useNow } from "../live/clock.tsx";
import { operations } from "../live/operations.ts";
import { Popover } from "../ui/popover.tsx";
import { Progress } from "../ui/progress.tsx";
import { Prose } from "../ui/prose.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { describeOperation, describeProgress } from "./describe-operation.ts";

/** The list of operations, open as soon as it is there. */
export function OperationsPanel({ trigger }: { trigger: ReactElement }) {
  const { items, known } = useSyncExternalStore(operations.subscribe, operations.snapshot, operations.serverSnapshot);
  return (
    <Popover trigger={trigger} title="Operations" defaultOpen>
      <ul className="min-h-0 flex-1 overflow-y-auto">
        {items.map((operation) => (
          <Row key={operation.id} operation={operation} />
        ))}
      </ul>
      {items.length === 0 && (
        <p className="px-4 py-8 text-center text-soft text-sm">
          {known === null && "Asking…"}
          {known === true && "Nothing was done yet. What you start, stop or change is listed here."}
          {known === false && "What was done before cannot be read now. New operations appear here."}
        </p>
      )}
    </Popover>
  );
}

function Row({ operation }: { operation: OperationSummary }) {
  const now = useNow();
  const { state, verb, containerName, principal, requestedAt, startedAt, finishedAt, problem } = operation;
  const { text, value } = describeProgress(operation);
  const title = describeOperation(operation);
  const took = startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null;
  const facts = [
    `${formatSpan(requestedAt, Math.max(now, Date.parse(requestedAt)))} ago`,
    took !== null && `took ${took < 1000 ? `${took} ms` : `${(took / 1000).toFixed(1)} s`}`,
    `by ${principal}`,
  ].filter(Boolean);
  return (
    <li className="flex gap-2.5 border-b px-4 py-2.5 text-sm last:border-b-0">
      <span className="mt-0.5 shrink-0 [&_svg]:size-4">
        {state === "succeeded" && <CircleCheck className="text-ok" aria-label="Done" />}
        {state === "failed" && <CircleX className="text-bad" aria-label="Failed" />}
        {!isFinished(operation) && <Spinner className="text-accent" />}
      </span>
      <div className="min-w-0 flex-1">
        <p className="truncate">
          {containerName && verb !== "delete" ? (
            <Link href={`/containers/${containerName}`} prefetch={false} className="hover:underline">
              {title}
            </Link>
          ) : (
            title
          )}
        </p>
        {!isFinished(operation) && <Progress label={title} value={value} className="my-1.5" />}
        {text && <p className="text-soft text-xs tabular-nums">{text}</p>}
        {problem && (
          <p className="text-pretty break-words text-soft text-xs">
            <Prose>{`${problem.detail}${problem.remedy ? ` ${problem.remedy}` : ""}`}</Prose>
          </p>
        )}
        <p className="text-faint text-xs tabular-nums">{facts.join(" · ")}</p>
      </div>
    </li>
  );
}
