import * as z from "zod";

/** A lab as lists show it. */
export const LabSummary = z
  .object({ name: z.string(), title: z.string(), summary: z.string(), tasks: z.int() })
  .meta({ id: "LabSummary" });
export type LabSummary = z.infer<typeof LabSummary>;

export const LabTaskText = z.object({
  id: z.string(),
  title: z.string(),
  detail: z.string(),
  command: z.string().describe("for the lab's shell: does it"),
  seenIn: z.string().describe("which state of the kernel is looked at"),
});
export type LabTaskText = z.infer<typeof LabTaskText>;

/** A lab with its program. Backquotes in texts mark code. */
export const LabInfo = LabSummary.extend({
  text: z.array(z.string()),
  file: z.string().describe("the program's file in the source tree"),
  source: z.string(),
  notes: z.array(z.object({ line: z.int().describe("counted from 1"), text: z.string() })),
  tasks: z.array(LabTaskText),
}).meta({ id: "LabInfo" });
export type LabInfo = z.infer<typeof LabInfo>;

/** `now`: the kernel's state is so at this moment; `done`: it has been in this run. */
export const LabTaskState = z.object({ id: z.string(), done: z.boolean(), now: z.boolean() });
export type LabTaskState = z.infer<typeof LabTaskState>;

/** One person's run of a lab: a container of its own, with the program and a shell, that no list shows. */
export const LabRun = z
  .object({
    id: z.uuid(),
    lab: z.string(),
    state: z.enum(["running", "ended"]),
    startedAt: z.iso.datetime(),
    tasks: z.array(LabTaskState),
  })
  .meta({ id: "LabRun" });
export type LabRun = z.infer<typeof LabRun>;

const cells = z.int().min(1).max(4096);
export const OpenLabSession = z
  .strictObject({ cols: cells.default(80), rows: cells.default(24) })
  .meta({ id: "OpenLabSession" });
