export const tabs = [
  { id: "terminal", label: "Terminal" },
  { id: "logs", label: "Logs" },
  { id: "statistics", label: "Statistics" },
  { id: "processes", label: "Processes" },
  { id: "files", label: "Files" },
  { id: "configuration", label: "Configuration" },
  { id: "activity", label: "Activity" },
  { id: "trace", label: "Trace" },
  { id: "kernel", label: "Kernel" },
] as const;

export type Tab = (typeof tabs)[number]["id"];

/** The tab that a `tab` parameter names; `first` when it names none. */
export function readTab(value: unknown, first: Tab = "terminal"): Tab {
  return tabs.find(({ id }) => id === value)?.id ?? first;
}
