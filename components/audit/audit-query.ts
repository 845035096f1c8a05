import type { AuditFilter, AuditResult } from "@/lib/contract/audit.ts";

/** How far back, in hours; none means as far as entries are kept. */
const periods = { "1h": 1, "1d": 24, "7d": 168, "30d": 720 } as const;
export type Period = keyof typeof periods;

/** What the page shows of the audit: it stands in the address. */
export interface AuditView {
  text: string;
  who: string;
  result: AuditResult | "";
  since: Period | "";
}

const results: readonly AuditResult[] = ["succeeded", "failed", "refused"];

/** The view that an address asks for; what does not fit is left out. */
export function readView(address: Pick<URLSearchParams, "get">): AuditView {
  const result = address.get("result");
  const since = address.get("since");
  return {
    text: (address.get("text") ?? "").slice(0, 200),
    who: (address.get("who") ?? "").slice(0, 200),
    result: results.find((one) => one === result) ?? "",
    since: since !== null && Object.hasOwn(periods, since) ? (since as Period) : "",
  };
}

export function isNarrowed({ text, who, result, since }: AuditView): boolean {
  return text !== "" || who !== "" || result !== "" || since !== "";
}

/** The view as the API's filter, at a moment in milliseconds. */
export function filterOf({ text, who, result, since }: AuditView, now: number): AuditFilter {
  return {
    ...(text.trim() && { text: text.trim() }),
    ...(who && { who }),
    ...(result && { result }),
    ...(since && { from: new Date(now - periods[since] * 3_600_000).toISOString() }),
  };
}

/** Where the view can be had as a file. */
export function exportPath(view: AuditView, format: "csv" | "jsonl", now: number): string {
  return `/api/v1/audit/export?${new URLSearchParams({ ...filterOf(view, now), format })}`;
}
