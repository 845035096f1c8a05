"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import type { Problem } from "@/lib/contract/problem.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { useHealth } from "./health.tsx";

/** Why a page could not be read from the database; it is read again once that is back, or somebody asks. */
export function PageProblem({ problem }: { problem: Problem }) {
  const router = useRouter();
  const health = useHealth();
  const isBack = health !== "unreachable" && health.database.status === "connected";
  useEffect(() => {
    if (isBack && problem.status === 503) router.refresh();
  }, [isBack, problem.status, router]);
  return <ProblemNotice problem={problem} onRetry={() => router.refresh()} />;
}
