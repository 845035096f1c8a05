import type { Trace } from "@/lib/contract/trace.ts";
import { type ChangedSetting, changedSettings, changedShape, type StepPair } from "@/lib/contract/trace-compare.ts";
import { tracedSettings } from "@/lib/contract/trace-settings.ts";
import { traceGroups } from "@/lib/contract/trace-steps.ts";
import { formatBytes, formatChange } from "../format.ts";
import { cn } from "../ui/class-names.ts";
import { groupSurface } from "./trace-colors.ts";

interface Props {
  before: Trace;
  after: Trace;
  pairs: readonly StepPair[];
  binds: readonly { target: string }[];
}

/** What two traces differ in: how long each part took, and which settings they carried out. */
export function TraceChanges({ before, after, pairs, binds }: Props) {
  const settings = changedSettings(pairs, binds);
  return (
    <div className="mt-3 border-t pt-3 text-xs">
      <ul aria-label="How much longer each part took" className="flex flex-wrap gap-x-4 gap-y-1 tabular-nums">
        {changedShape(before, after).map(({ group, ns }) => (
          <li key={group} className="flex items-center gap-1.5 text-soft">
            <span className={cn("size-2 rounded-xs", groupSurface[group])} aria-hidden="true" />
            {traceGroups.find(({ id }) => id === group)?.label}
            <span className="text-faint">{formatChange(ns)}</span>
          </li>
        ))}
      </ul>
      {settings.length === 0 ? (
        <p className="mt-2 text-soft">No setting differs.</p>
      ) : (
        <dl
          aria-label="Settings that differ"
          className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 sm:max-w-3xl"
        >
          {settings.map((one) => (
            <Setting key={`${one.setting} ${one.pointer}`} changed={one} />
          ))}
        </dl>
      )}
    </div>
  );
}

function Setting({ changed: { setting, pointer, before, after } }: { changed: ChangedSetting }) {
  const inWords = (text: string | null) =>
    setting?.endsWith("Bytes") && text && /^\d+$/.test(text) ? formatBytes(Number(text)) : text;
  return (
    <>
      <dt className={cn("font-medium text-warn", !setting && "font-mono")}>
        {setting ? tracedSettings[setting] : pointer}
      </dt>
      <dd className="min-w-0">
        <Given text={inWords(before)} /> <span className="text-faint">→</span> <Given text={inWords(after)} />
      </dd>
    </>
  );
}

function Given({ text }: { text: string | null }) {
  if (text === null) return <span className="text-soft">not there</span>;
  return <code className="wrap-anywhere font-mono">{text}</code>;
}
