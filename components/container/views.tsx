"use client";

import dynamic from "next/dynamic";
import { ViewSkeleton } from "./view-skeleton.tsx";

// Each view is loaded when it is first looked at. Next reads the options where they stand: no constant may hold them.
export const TerminalTab = dynamic(() => import("./terminal-tab.tsx").then((part) => part.TerminalTab), {
  ssr: false,
  loading: ViewSkeleton,
});
export const LogsView = dynamic(() => import("../logs/logs-view.tsx").then((part) => part.LogsView), {
  ssr: false,
  loading: ViewSkeleton,
});
export const StatisticsView = dynamic(
  () => import("../statistics/statistics-view.tsx").then((part) => part.StatisticsView),
  { ssr: false, loading: ViewSkeleton },
);
export const ProcessesView = dynamic(
  () => import("../processes/processes-view.tsx").then((part) => part.ProcessesView),
  { ssr: false, loading: ViewSkeleton },
);
export const FilesView = dynamic(() => import("../files/files-view.tsx").then((part) => part.FilesView), {
  ssr: false,
  loading: ViewSkeleton,
});
export const ConfigurationView = dynamic(
  () => import("./configuration-view.tsx").then((part) => part.ConfigurationView),
  { ssr: false, loading: ViewSkeleton },
);
export const ActivityView = dynamic(() => import("../activity/activity-view.tsx").then((part) => part.ActivityView), {
  ssr: false,
  loading: ViewSkeleton,
});
export const KernelView = dynamic(() => import("../kernel/kernel-view.tsx").then((part) => part.KernelView), {
  ssr: false,
  loading: ViewSkeleton,
});
export const TraceView = dynamic(() => import("./trace-view.tsx").then((part) => part.TraceView), {
  ssr: false,
  loading: ViewSkeleton,
});
