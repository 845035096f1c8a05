"use client";

import { CircleCheck, CircleSlash, CircleX } from "lucide-react";
import { memo, useEffect } from "react";
import type { AuditEntry } from "@/lib/contract/audit.ts";
import { formatMoment } from "../format.ts";
import { cn } from "../ui/class-names.ts";
import { VirtualTable } from "../ui/virtual-table.tsx";
import { describeAction, describeCredential, describeWho } from "./describe-entry.ts";

const rowHeight = 52;
const wide = "max-lg:hidden";
const medium = "max-md:hidden";

interface Props {
  entries: readonly AuditEntry[];
  /** Shows what one principal did. */
  onWho: (principal: string) => void;
  /** Called when the last row comes into sight; absent when there are no older ones. */
  onEnd: (() => void) | undefined;
}

/** Entries of the audit, a row each; of any number of them only those in sight are drawn. */
export function AuditTable({ entries, onWho, onEnd }: Props) {
  return (
    <VirtualTable
      label="Audit"
      count={entries.length}
      rowHeight={rowHeight}
      keyOf={(index) => entries[index]?.id ?? index}
      className="max-h-[max(26rem,calc(100dvh-14rem))]"
      head={<Head />}
      row={(index) => {
        const entry = entries[index];
        const isLast = index === entries.length - 1;
        return entry && <Row key={entry.id} entry={entry} onWho={onWho} onSeen={isLast ? onEnd : undefined} />;
      }}
    />
  );
}

function Head() {
  const head = "h-9 px-3 font-medium";
  return (
    <tr>
      <th scope="col" className={cn(head, "w-11 pl-4")}>
        <span className="sr-only">Result</span>
      </th>
      <th scope="col" className={head}>
        What
      </th>
      <th scope="col" className={cn(head, "w-36 md:w-52")}>
        Who
      </th>
      <th scope="col" className={cn(head, "w-40", wide)}>
        From
      </th>
      <th scope="col" className={cn(head, "w-44 pr-4 text-right", medium)}>
        When
      </th>
    </tr>
  );
}

interface RowProps {
  entry: AuditEntry;
  onWho: (principal: string) => void;
  onSeen: (() => void) | undefined;
}

const Row = memo(function Row({ entry, onWho, onSeen }: RowProps) {
  useEffect(() => onSeen?.(), [onSeen]);
  const { at, principal, target, remote, result, code, detail } = entry;
  const because = [code, detail].filter(Boolean).join(": ");
  return (
    <tr className="border-b last:border-b-0 hover:bg-hover" style={{ height: rowHeight }}>
      <td className="pl-4 [&_svg]:size-4">
        <Mark result={result} />
      </td>
      <td className="px-3">
        <p className="truncate font-medium">
          {describeAction(entry)}
          {target && <span className="font-normal text-soft"> {target}</span>}
        </p>
        <p className="truncate text-faint text-xs" title={because || undefined}>
          {because && <span>{because}</span>}
          {!because && <span className="md:hidden">{formatMoment(at)}</span>}
          {!because && <span className={medium}>{result}</span>}
        </p>
      </td>
      <td className="px-3">
        {principal === null ? (
          <p className="truncate text-soft">{describeWho(entry)}</p>
        ) : (
          <button
            type="button"
            className="block max-w-full truncate rounded hover:underline"
            title={`Show what ${describeWho(entry)} did`}
            onClick={() => onWho(principal)}
          >
            {describeWho(entry)}
          </button>
        )}
        <p className="truncate text-faint text-xs">{describeCredential(entry) ?? "\u00a0"}</p>
      </td>
      <td className={cn("truncate px-3 text-soft tabular-nums", wide)}>{remote ?? "this machine"}</td>
      <td className={cn("px-3 pr-4 text-right text-soft text-xs tabular-nums", medium)}>
        <time dateTime={at}>{formatMoment(at)}</time>
      </td>
    </tr>
  );
});

function Mark({ result }: { result: AuditEntry["result"] }) {
  if (result === "succeeded") return <CircleCheck className="text-ok" aria-label="Succeeded" />;
  if (result === "failed") return <CircleX className="text-bad" aria-label="Failed" />;
  return <CircleSlash className="text-warn" aria-label="Refused" />;
}
