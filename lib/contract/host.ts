import * as z from "zod";
import { ContainerId } from "./container.ts";

/** One feature that containers use, and how this host stands to it. Texts are sentences for a person. */
export const Finding = z
  .object({
    id: z.string().describe("stable: namespace-pid, controller-memory, …"),
    group: z.string(),
    name: z.string(),
    there: z.boolean(),
    needed: z.boolean().describe("containers can't do without"),
    found: z.string().describe("what was tried or read, and what came of it"),
    lost: z.string().describe("what does not work without it"),
    remedy: z.string().describe("how to get it"),
  })
  .meta({ id: "Finding" });
export type Finding = z.infer<typeof Finding>;

/** What this host offers to containers, found by trying it and not by its version. */
export const HostReport = z
  .object({
    kernel: z.string(),
    architecture: z.string(),
    minimumKernel: z.string().describe("the oldest kernel that containers can run on"),
    findings: z.array(Finding),
  })
  .meta({ id: "HostReport" });
export type HostReport = z.infer<typeof HostReport>;

/** The findings that are absent: those that containers can't do without first. */
export function missingFindings({ findings }: Pick<HostReport, "findings">): Finding[] {
  return findings.filter(({ there }) => !there).sort((one, other) => Number(other.needed) - Number(one.needed));
}

/** Whether containers can run here. */
export function isWhole({ findings }: Pick<HostReport, "findings">): boolean {
  return findings.every(({ there, needed }) => there || !needed);
}

/** What one container needs of the host and of its own files, and whether it is there. */
export const ContainerReport = z
  .object({ containerId: ContainerId, name: z.string(), findings: z.array(Finding) })
  .meta({ id: "ContainerReport" });
export type ContainerReport = z.infer<typeof ContainerReport>;
