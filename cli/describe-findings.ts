import { type ContainerReport, type Finding, isWhole, missingFindings } from "../lib/contract/host.ts";
import type { Style } from "./style.ts";
import { harmless } from "./text.ts";

/** A feature that is absent: how that was found out, what is lost, how to get it. */
export function describeMissing({ name, needed, found, lost, remedy }: Finding, style: Style): string[] {
  const mark = needed ? style.red("✗") : style.yellow("–");
  return [
    `${mark} ${style.bold(harmless(name))}${needed ? "" : style.dim("  good to have")}`,
    `    ${style.dim("found ")} ${harmless(found)}`,
    `    ${style.dim("lost  ")} ${harmless(lost)}`,
    `    ${style.dim("remedy")} ${harmless(remedy)}`,
  ];
}

/** The features that are there, by group. */
export function describeThere({ findings }: { findings: readonly Finding[] }, style: Style): string[] {
  const there = findings.filter((finding) => finding.there);
  const width = Math.max(...there.map(({ name }) => name.length));
  return [...new Set(there.map(({ group }) => group))].flatMap((group) => [
    style.bold(group),
    ...there
      .filter((finding) => finding.group === group)
      .map(({ name, found }) => `  ${style.green("✓")} ${name.padEnd(width)}  ${style.dim(harmless(found))}`),
    "",
  ]);
}

/** What one container needs and has not, and with `all` what it has, too. */
export function describeContainer(report: ContainerReport, { all, style }: { all: boolean; style: Style }): string {
  const missing = missingFindings(report);
  const lines = missing.flatMap((finding) => [...describeMissing(finding, style), ""]);
  if (all) lines.push(...describeThere(report, style));
  const name = harmless(report.name);
  const needed = missing.filter((finding) => finding.needed).length;
  const verdict = isWhole(report)
    ? style.green(`Nothing stands against ${name}.`)
    : style.red(`${name} can't start: ${needed} of what it needs ${needed === 1 ? "is" : "are"} missing.`);
  const there = report.findings.length - missing.length;
  lines.push(`${verdict} ${there} of ${report.findings.length} things that it needs are there.`);
  return lines.join("\n");
}
