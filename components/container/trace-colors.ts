import type { TraceGroup } from "@/lib/contract/trace-steps.ts";

/** How each part of a start is coloured: as a surface, and drawn. Written out, so that the style sheet has them. */
export const groupSurface: Record<TraceGroup, string> = {
  namespaces: "bg-group-namespaces",
  cgroups: "bg-group-cgroups",
  mounts: "bg-group-mounts",
  process: "bg-group-process",
  seccomp: "bg-group-seccomp",
  exec: "bg-group-exec",
  waiting: "bg-group-waiting",
};

export const groupFill: Record<TraceGroup, string> = {
  namespaces: "fill-group-namespaces",
  cgroups: "fill-group-cgroups",
  mounts: "fill-group-mounts",
  process: "fill-group-process",
  seccomp: "fill-group-seccomp",
  exec: "fill-group-exec",
  waiting: "fill-group-waiting",
};
