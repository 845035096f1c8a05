"use client";

import { type ReactNode, useEffect, useState } from "react";
import type { Health, WorkerHealth } from "@/lib/contract/health.ts";
import { formatCount, formatSpan } from "../format.ts";
import { useNow } from "../live/clock.tsx";
import { readJson } from "../read-json.ts";
import { HostCard } from "../system/host-card.tsx";
import { cn } from "../ui/class-names.ts";

const refreshMs = 5_000;
/** An answer that takes longer does not come. */
const staleMs = 3 * refreshMs;

interface Parts {
  health: Health;
  /** Null while it is away. */
  worker: WorkerHealth | null;
}

/** The parts of MiniRun and how each is, asked anew every five seconds. */
export function SystemView({ initial }: { initial: Parts }) {
  const now = useNow();
  const [{ health, worker, at }, setHeard] = useState({ ...initial, at: now });
  // When the first question went out that has had no answer yet.
  const [askedAt, setAskedAt] = useState<number | null>(null);
  useEffect(() => {
    let current = true;
    const ask = async () => {
      setAskedAt((before) => before ?? Date.now());
      try {
        const parts = await readParts();
        if (!current) return;
        setHeard({ ...parts, at: Date.now() });
        setAskedAt(null);
      } catch {
        // Without an answer this is how it was, and the page says so before long.
      }
    };
    const timer = setInterval(() => document.visibilityState === "visible" && void ask(), refreshMs);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, []);
  const { database } = health;
  return (
    <div className="mt-5 flex flex-col gap-4">
      {askedAt !== null && now - askedAt > staleMs && (
        <div role="alert" className="rounded-xl border border-warn/30 bg-warn-soft p-4 text-sm">
          MiniRun does not answer. This is how it was {formatSpan(at, now)} ago.
        </div>
      )}
      <div className="grid gap-4 md:grid-cols-3">
        <Part name="Web" ok about="This page and the API">
          <Fact name="Version">{health.version}</Fact>
          <Fact name="Up for">{formatSpan(0, health.uptimeSeconds * 1000)}</Fact>
          <Fact name="HTTPS">
            {health.tls.expiresAt
              ? `port ${health.tls.port}, until ${health.tls.expiresAt.slice(0, 10)}`
              : "no certificate"}
          </Fact>
        </Part>
        <Part name="Worker" ok={worker !== null} about="Starts containers and looks after them">
          {worker ? (
            <>
              <Fact name="Up for">{formatSpan(worker.startedAt, now)}</Fact>
              <Fact name="Containers">{`${worker.running} of ${worker.containers} running`}</Fact>
              <Fact name="Outbox">{worker.outbox === 0 ? "empty" : formatCount(worker.outbox, "result")}</Fact>
            </>
          ) : (
            <Fact name="Away since">{health.worker.since ? `${formatSpan(health.worker.since, now)} ago` : "now"}</Fact>
          )}
        </Part>
        <Part
          name="Database"
          ok={database.status === "connected"}
          about="Remembers what was asked for and what happened"
        >
          <Fact name="PostgreSQL">{database.mode === "embedded" ? "embedded" : "outside"}</Fact>
          {database.since && <Fact name="Away since">{`${formatSpan(database.since, now)} ago`}</Fact>}
        </Part>
      </div>
      {worker && (
        <Part name={worker.node} ok about="The machine that containers run on">
          <Fact name="Kernel">{worker.kernel}</Fact>
          <Fact name="Control groups">version {worker.cgroupVersion}</Fact>
        </Part>
      )}
      <HostCard />
    </div>
  );
}

/** By calls and not by the router: that goes to an address which does not answer, and the page would be lost. */
async function readParts(): Promise<Parts> {
  const health = await readJson<"health">("/health");
  return { health, worker: health.worker.status === "connected" ? await readJson<"getWorker">("/worker") : null };
}

function Part({ name, about, ok, children }: { name: string; about: string; ok: boolean; children: ReactNode }) {
  return (
    <section aria-label={name} className="rounded-xl border bg-surface p-4 shadow-card">
      <header className="flex items-center gap-2">
        <span className={cn("size-2 rounded-full", ok ? "bg-ok" : "bg-bad")} aria-hidden="true" />
        <h2 className="font-semibold text-base tracking-tight">{name}</h2>
        <span className={cn("ml-auto text-xs", ok ? "text-soft" : "text-bad")}>{ok ? "Working" : "Away"}</span>
      </header>
      <p className="mt-0.5 text-faint text-xs">{about}</p>
      <dl className="mt-3 border-t pt-2">{children}</dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4 py-0.5 text-sm">
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0 truncate tabular-nums">{children}</dd>
    </div>
  );
}
