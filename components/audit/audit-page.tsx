"use client";

import { Download, RefreshCw, ScrollText, SearchX } from "lucide-react";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { useAddress } from "../container/use-address.ts";
import { Button, buttonStyle } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageTitle } from "../ui/page-title.tsx";
import { RowsSkeleton } from "../ui/skeleton.tsx";
import { type AuditView, exportPath, isNarrowed, readView } from "./audit-query.ts";
import { AuditTable } from "./audit-table.tsx";
import { AuditToolbar } from "./audit-toolbar.tsx";
import { useAudit } from "./use-audit.ts";

/** Who did what, from where, and what became of it; the view stands in the address. */
export function AuditPage() {
  const { address, go, replace } = useAddress();
  const view = readView(address);
  const { entries, next, problem, more, loadingMore, reload } = useAudit(view);
  const change = (part: Partial<AuditView>) => {
    const values = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, value || null]));
    if (Object.keys(part).join() === "text") replace(values);
    else go(values);
  };
  const clear = () => change({ text: "", who: "", result: "", since: "" });
  return (
    <>
      <PageTitle title="Audit">
        <div className="flex items-center gap-1.5">
          <ExportLink view={view} format="csv" label="CSV" />
          <ExportLink view={view} format="jsonl" label="JSON" />
          <Button aria-label="Read anew" onClick={reload}>
            <RefreshCw />
          </Button>
        </div>
      </PageTitle>
      <AuditToolbar view={view} onChange={change} onClear={clear} />
      {problem && <ProblemNotice problem={problem} />}
      <div className="mt-4">
        {entries.length > 0 && (
          <AuditTable
            entries={entries}
            onWho={(who) => change({ who })}
            onEnd={next && !problem ? () => void more() : undefined}
          />
        )}
        {entries.length === 0 && !problem && next === undefined && <Loading />}
        {entries.length === 0 &&
          !problem &&
          next !== undefined &&
          (isNarrowed(view) ? <NoMatch onClear={clear} /> : <Nothing />)}
      </div>
      {next && (
        <Button className="mx-auto mt-4 flex" pending={loadingMore} onClick={() => void more()}>
          Show older
        </Button>
      )}
    </>
  );
}

/** The address is made when it is needed: it tells from which moment on. */
function ExportLink({ view, format, label }: { view: AuditView; format: "csv" | "jsonl"; label: string }) {
  return (
    <a
      href={exportPath(view, format, Date.now())}
      suppressHydrationWarning
      download
      className={buttonStyle()}
      aria-label={`Download as ${label}`}
    >
      <Download />
      {label}
    </a>
  );
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState icon={<SearchX />} title="No entry matches" action={<Button onClick={onClear}>Show all</Button>}>
      Nothing of what is kept fits the search.
    </EmptyState>
  );
}

function Nothing() {
  return (
    <EmptyState icon={<ScrollText />} title="Nothing was done yet">
      Every change and every attempt to sign in is listed here: who, what, from where, and what became of it.
    </EmptyState>
  );
}

function Loading() {
  return <RowsSkeleton label="Loading the audit" rows={6} />;
}
