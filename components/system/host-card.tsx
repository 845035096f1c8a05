"use client";

import { Check, ChevronRight, Minus, RotateCw, X } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { type Finding, type HostReport, isWhole, missingFindings } from "@/lib/contract/host.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { Disclosure } from "../ui/disclosure.tsx";
import { Prose } from "../ui/prose.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

/** What this host offers to containers: what is missing in full, what is there folded away. */
export function HostCard() {
  const [report, setReport] = useState<HostReport | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pending, setPending] = useState(true);
  const look = useCallback(async () => {
    setPending(true);
    try {
      setReport(await api.call("getHost"));
      setProblem(null);
    } catch (error) {
      setProblem(problemFrom(error));
    } finally {
      setPending(false);
    }
  }, []);
  useEffect(() => void look(), [look]);
  return (
    <section aria-label="What this host offers" className="overflow-hidden rounded-xl border bg-surface shadow-card">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b p-4">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="font-semibold text-base tracking-tight">What this host offers</h2>
          <p className="mt-0.5 text-faint text-xs">
            Every kernel feature that a container needs, tried and not guessed. <code>minirun doctor</code> says the
            same.
          </p>
        </div>
        <Button size="sm" pending={pending && report !== null} onClick={() => void look()}>
          {!(pending && report !== null) && <RotateCw />}
          Look again
        </Button>
      </header>
      {problem && (
        <p role="alert" className="border-b bg-warn-soft px-4 py-3 text-sm">
          <span className="font-medium">{problem.title}.</span> <Prose>{problem.detail}</Prose>
        </p>
      )}
      {report ? <Report report={report} /> : !problem && <Loading />}
    </section>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading what this host offers" className="flex flex-col gap-3 p-4">
      <Skeleton className="h-5 w-56" />
      <Skeleton className="h-4 w-full max-w-xl" />
      <Skeleton className="h-4 w-full max-w-lg" />
    </div>
  );
}

function Report({ report }: { report: HostReport }) {
  const missing = missingFindings(report);
  const there = report.findings.length - missing.length;
  const whole = isWhole(report);
  const groups = [...new Set(report.findings.map(({ group }) => group))];
  return (
    <>
      <div className="flex items-start gap-3 p-4">
        <Mark there={whole} needed />
        <div>
          <p className="font-medium text-sm">{whole ? "Containers can run here" : "Containers can't run here"}</p>
          <p className="mt-0.5 text-soft text-sm">
            {there} of {report.findings.length} features are there
            {missing.length > 0 && `, ${missing.filter(({ needed }) => !needed).length} that are good to have are not`}.
            Linux {report.kernel}, {report.architecture}.
          </p>
        </div>
      </div>
      {missing.length > 0 && (
        <ul className="border-t" aria-label="Missing">
          {missing.map((finding) => (
            <li key={finding.id} className="border-b p-4 last:border-b-0">
              <Missing finding={finding} />
            </li>
          ))}
        </ul>
      )}
      <div className="-mb-px grid border-t md:grid-cols-2 md:[&>*:nth-child(even)]:border-l">
        {groups.map((group) => (
          <Group key={group} name={group} findings={report.findings.filter((finding) => finding.group === group)} />
        ))}
      </div>
    </>
  );
}

function Missing({ finding: { name, needed, found, lost, remedy } }: { finding: Finding }) {
  return (
    <div className="flex gap-3">
      <Mark there={false} needed={needed} />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-sm">
          {name} <span className="font-normal text-faint text-xs">{needed ? "needed" : "good to have"}</span>
        </p>
        <p className="mt-0.5 text-pretty text-soft text-sm">{lost}</p>
        <dl className="mt-2 grid gap-x-4 gap-y-1 text-xs sm:grid-cols-[4.5rem_minmax(0,1fr)]">
          <dt className="text-faint">Found</dt>
          <dd className="wrap-anywhere font-mono">{found}</dd>
          <dt className="text-faint">Remedy</dt>
          <dd className="wrap-anywhere text-soft">{remedy}</dd>
        </dl>
      </div>
    </div>
  );
}

function Group({ name, findings }: { name: string; findings: Finding[] }) {
  const there = findings.filter((finding) => finding.there).length;
  const whole = there === findings.length;
  return (
    <Disclosure
      className="group min-w-0 border-b"
      summary={
        <summary className="flex min-h-11 cursor-pointer select-none items-center gap-2.5 px-4 text-sm hover:bg-hover [&::-webkit-details-marker]:hidden">
          <ChevronRight className="size-3.5 text-faint transition-transform group-open:rotate-90" aria-hidden="true" />
          <span className="font-medium">{name}</span>
          <span className={cn("ml-auto text-xs tabular-nums", whole ? "text-faint" : "text-warn")}>
            {whole ? `all ${there}` : `${there} of ${findings.length}`}
          </span>
          <Mark there={whole} needed={false} small />
        </summary>
      }
    >
      <ul className="flex flex-col gap-2 px-4 pt-1 pb-4">
        {findings.map(({ id, name: feature, there: isThere, needed, found }) => (
          <li key={id} className="flex gap-2.5">
            <Mark there={isThere} needed={needed} small />
            <p className="min-w-0 text-sm">
              {feature}
              <span className="wrap-anywhere block font-mono text-faint text-xs">{found}</span>
            </p>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}

function Mark({ there, needed, small = false }: { there: boolean; needed: boolean; small?: boolean }) {
  const Icon = there ? Check : needed ? X : Minus;
  const color = there ? "bg-ok-soft text-ok" : needed ? "bg-bad-soft text-bad" : "bg-warn-soft text-warn";
  return (
    <span
      role="img"
      aria-label={there ? "There" : "Missing"}
      className={cn(
        "mt-px flex shrink-0 items-center justify-center rounded-full",
        small ? "size-4.5" : "size-5",
        color,
      )}
    >
      <Icon className={small ? "size-3" : "size-3.5"} strokeWidth={2.5} aria-hidden="true" />
    </span>
  );
}
